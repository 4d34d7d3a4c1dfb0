/** What one form of the comparison asks of each brew. */
export interface ComparisonSettings {
  form: 'demo' | 'quick' | 'standard' | 'full';
  /** Turns as indexes of the two brews: A B B A evens out what drifts. */
  turns: readonly (0 | 1)[];
  /** What is sent on each path in one turn. */
  windows: Readonly<Record<'read' | 'databaseRead' | 'order', { ratePerSecond: number; seconds: number }>>;
  customers: number;
}

export const SHORT_FORM: ComparisonSettings = {
  form: 'demo',
  turns: [0, 1, 1, 0],
  // As many orders as two cores bring to their customers, for as long as a p99 needs.
  windows: { read: { ratePerSecond: 400, seconds: 2 }, databaseRead: { ratePerSecond: 200, seconds: 2 }, order: { ratePerSecond: 40, seconds: 3 } },
  customers: 8,
};

/** The variables that both brews are started with. */
export const SHOP_SETTINGS = {
  BREW_TIME_SCALE: '0',
  RATE_LIMIT_PER_SECOND: '0',
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.1',
} as const;
