/** What one form of the comparison asks of each brew. */
export interface ComparisonSettings {
  form: 'short' | 'full';
  /** Turns as indexes of the two brews: A B B A evens out what drifts. */
  turns: readonly (0 | 1)[];
  secondsPerPath: number;
  rates: { read: number; databaseRead: number; order: number };
  customers: number;
}

export const SHORT_FORM: ComparisonSettings = {
  form: 'short',
  turns: [0, 1, 1, 0],
  secondsPerPath: 2,
  rates: { read: 400, databaseRead: 200, order: 40 },
  customers: 8,
};

/** The variables that both brews are started with. */
export const SHOP_SETTINGS = {
  BREW_TIME_SCALE: '0',
  RATE_LIMIT_PER_SECOND: '0',
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.1',
} as const;
