/** A reason to take a brew, and the figure it stands on. */
export interface Choice {
  brew: string;
  /** Goes on after "where". */
  where: string;
  figure: string;
}
