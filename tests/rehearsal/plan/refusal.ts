/** Something in the manifests that the rehearsal cannot stand for: it says so, for what is passed over in silence seems to have been tried. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
  }
}
