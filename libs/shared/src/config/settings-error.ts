/** What is wrong with one variable, as a sentence without its name. Never holds the value of a secret. */
export interface SettingFault {
  variable: string;
  fault: string;
}

/** The environment does not fit: names every wrong variable at once, one sentence for each, in `message` line by line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly SettingFault[];

  constructor(faults: readonly SettingFault[]) {
    super(faults.map(({ variable, fault }) => `${variable} ${fault}`).join('\n'));
    this.faults = faults;
  }
}
