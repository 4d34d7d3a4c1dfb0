import { PATH_TITLES } from './metrics.ts';
import { pairedRatio } from './method/paired-ratio.ts';
import type { Verdict } from './report-schema.ts';
import type { Knee, Saturation } from './saturation-schema.ts';
import { capitalized, isClear, rangeOf, times } from './verdict.ts';

/** One search for each brew: nothing shows how far it would differ from itself, so that a difference must be twice as large as elsewhere. */
const RULE = { fewest: 0, noise: 0.1 };

/** Says for each path and each brew but the first whether it bears more than the first. */
export function judgeCapacity(saturation: readonly Saturation[], [baseline, ...others]: readonly string[]): Verdict[] {
  return others.flatMap((other) =>
    saturation.filter((each) => each.topology === baseline).flatMap((first) => {
      const second = saturation.find((each) => each.topology === other && each.path === first.path);
      return second === undefined ? [] : [judgePath(first, second)];
    }),
  );
}

function judgePath(first: Saturation, second: Saturation): Verdict {
  const title = PATH_TITLES[first.path];
  const told = { metric: `highest rate of ${title}`, group: 'capacity', baseline: first.topology, topology: second.topology } as const;
  const [a, b] = [first.knee, second.knee].map(rangeOfKnee);
  if (a === undefined || b === undefined) return { ...told, ratio: pairedRatio([], []), outcome: 'not measured', sentence: `No winner in the highest rate of ${title}: not found for both.` };
  const ratio = { low: b.low / a.high, estimate: b.low / a.low, high: b.high / a.low, pairs: [] };
  const range = rangeOf(ratio);
  if (!isClear(ratio, RULE)) return { ...told, ratio, outcome: 'indistinguishable', sentence: `No winner in the highest rate of ${title}: the difference is inside the noise (${second.topology} ${range}).` };
  const winner = ratio.estimate > 1 ? second.topology : first.topology;
  return { ...told, ratio, outcome: 'differ', winner, sentence: `${capitalized(second.topology)} bears ${times(ratio.estimate)} the rate of ${title} that ${first.topology} does (${range}).` };
}

/** The knee lies between the rate that held and the next that failed. */
function rangeOfKnee({ ratePerSecond, failedAtRatePerSecond, found }: Knee): { low: number; high: number } | undefined {
  return ratePerSecond === null || failedAtRatePerSecond === null || found !== 'between' ? undefined : { low: ratePerSecond, high: failedAtRatePerSecond };
}
