/** Who of those that knock is let in, by `host:port`. The first shows that a foreign pod has a network at all. */
const LET_IN: Readonly<Record<string, readonly Knocker[]>> = {
  'kubernetes.default:443': ['stranger'],
  'auth.doubleshot-micro:8080': ['gateway', 'orders'],
  'orders.doubleshot-micro:8080': ['gateway'],
  'notifications.doubleshot-micro:8080': ['gateway'],
  'gateway.doubleshot-micro:8080': [],
  'monolith.doubleshot-mono:8080': [],
  'postgres.doubleshot-engines:5432': ['orders'],
  'redis.doubleshot-engines:6379': ['orders'],
  'rabbitmq.doubleshot-engines:5672': ['orders'],
  'kafka.doubleshot-engines:9092': ['orders'],
  'mailpit.doubleshot-engines:1025': [],
};

const KNOCKERS = ['stranger', 'gateway', 'orders'] as const;
type Knocker = (typeof KNOCKERS)[number];

export const TARGETS: readonly string[] = Object.keys(LET_IN);

/** Which targets answered whom. */
export type Reach = Record<Knocker, readonly string[]>;

/** Where somebody came in who should not, or the other way round; one sentence each. */
export function surprisesIn(reach: Reach): string[] {
  return TARGETS.flatMap((target) =>
    KNOCKERS.filter((knocker) => reach[knocker].includes(target) !== LET_IN[target]?.includes(knocker)).map((knocker) => `${knocker} ${reach[knocker].includes(target) ? 'reaches' : 'does not reach'} ${target}`),
  );
}

const COLUMN = 12;

/** A table: a row for each target, a column for each who knocked. */
export function renderReach(reach: Reach): string {
  const width = Math.max(...TARGETS.map((target) => target.length)) + 2;
  const row = (first: string, cells: readonly string[]): string => [first.padEnd(width), ...cells.map((cell) => cell.padEnd(COLUMN))].join('').trimEnd();
  return [row('from', KNOCKERS), ...TARGETS.map((target) => row(target, KNOCKERS.map((knocker) => (reach[knocker].includes(target) ? 'answered' : '-'))))].join('\n');
}
