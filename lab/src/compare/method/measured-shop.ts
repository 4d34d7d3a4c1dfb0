/** A running shop, as far as measuring it goes. */
export interface MeasuredShop {
  name: string;
  baseUrl: string;
  processes: readonly MeasuredProcess[];
  /** The programs it stands on, whose CPU time is this brew's while nobody else is measured. */
  backends: readonly { name: string; pid: number }[];
}

export interface MeasuredProcess {
  name: string;
  modules: readonly string[];
  readonly pid: number;
  /** From the start of the program until it was ready. */
  readonly readyAfterMs: number;
  restart(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}
