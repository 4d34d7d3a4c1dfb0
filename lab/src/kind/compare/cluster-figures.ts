import { z } from 'zod';
import { figureOf, type Figure } from '../../compare/statistics.ts';

/** One turn of a brew: a load at a steady rate, and what its processes used for it. */
export const Turn = z.object({
  brew: z.string(),
  orders: z.int(),
  acknowledged: z.int(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** Of all its processes, as they count it themselves; engines are not in it. */
  cpuMsPerOrder: z.number(),
  residentMiB: z.number(),
});
export type Turn = z.infer<typeof Turn>;

/** What the lab measured inside the cluster. */
export const ClusterFigures = z.object({ ratePerSecond: z.number(), seconds: z.number(), turns: z.array(Turn) });
export type ClusterFigures = z.infer<typeof ClusterFigures>;

/** The figures are the last line of what the lab printed there. */
export function parseFigures(log: string): ClusterFigures {
  return ClusterFigures.parse(JSON.parse(log.trim().split('\n').at(-1) ?? ''));
}

const ROWS: readonly (readonly [heading: string, of: (turn: Turn) => number])[] = [
  ['p50, ms', ({ p50Ms }) => p50Ms],
  ['p99, ms', ({ p99Ms }) => p99Ms],
  ['CPU of processes for each order, ms', ({ cpuMsPerOrder }) => cpuMsPerOrder],
  ['memory of processes, MiB', ({ residentMiB }) => residentMiB],
];
const WIDTH = 38;
const COLUMN = 24;

/** Median and spread of each brew, and what that says about the difference: nothing where the spreads touch. */
export function renderFigures({ ratePerSecond, seconds, turns }: ClusterFigures): string {
  const brews = [...new Set(turns.map(({ brew }) => brew))];
  const [first = '', second = ''] = brews;
  const of = (brew: string, value: (turn: Turn) => number): Figure => figureOf(turns.filter((turn) => turn.brew === brew).map(value));
  const lines = ROWS.map(([heading, value]) => {
    const [a, b] = [of(first, value), of(second, value)];
    return [heading.padEnd(WIDTH), shown(a).padEnd(COLUMN), shown(b).padEnd(COLUMN), verdict(b, a)].join('');
  });
  const accepted = brews.map((brew) => `${brew} ${turns.filter((turn) => turn.brew === brew).reduce((sum, turn) => sum + turn.acknowledged, 0)}`);
  return [
    `${ratePerSecond} orders a second for ${seconds} s, turns ${turns.map(({ brew }) => brew).join(', ')}; accepted: ${accepted.join(', ')}`,
    [''.padEnd(WIDTH), first.padEnd(COLUMN), second.padEnd(COLUMN), `${second} to ${first}`].join(''),
    ...lines,
  ].join('\n');
}

function shown({ median, min, max }: Figure): string {
  return `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)})`;
}

/** The median ratio, and the widest range that the measured values allow. */
function verdict(of: Figure, to: Figure): string {
  const [low, high] = [of.min / to.max, of.max / to.min];
  return low <= 1 && high >= 1 ? 'within the spread' : `× ${(of.median / to.median).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
