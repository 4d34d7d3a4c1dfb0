import { PATH_TITLES } from './metrics.ts';
import { pairedRatio } from './method/paired-ratio.ts';
import type { Verdict } from './report-schema.ts';
import type { Knee, Saturation } from './saturation-schema.ts';
import type { Figure } from './statistics.ts';
import { judgeRatio } from './verdict.ts';

type Windows = NonNullable<NonNullable<Knee['atHalf']>['windows']>;

const TOLD: readonly { name: string; phrase: string; of: (windows: Windows) => Figure | null }[] = [
  { name: 'median', phrase: 'median time', of: ({ p50Ms }) => p50Ms },
  { name: 'p99', phrase: 'p99', of: ({ p99Ms }) => p99Ms },
];

/** Says for each path and each brew but the first how its latency at half its own knee compares with that of the first, where both were measured several times. */
export function judgeAtHalf(saturation: readonly Saturation[], [baseline, ...others]: readonly string[]): Verdict[] {
  return others.flatMap((other) =>
    saturation.filter((each) => each.topology === baseline).flatMap((first) => {
      const second = saturation.find((each) => each.topology === other && each.path === first.path);
      const [a, b] = [first.knee.atHalf?.windows, second?.knee.atHalf?.windows];
      if (second === undefined || a === undefined || b === undefined) return [];
      return TOLD.map(({ of, ...told }) => judgePath({ ...told, first, second }, of(a), of(b)));
    }),
  );
}

interface Told {
  name: string;
  phrase: string;
  first: Saturation;
  second: Saturation;
}

function judgePath({ name, phrase, first, second }: Told, a: Figure | null, b: Figure | null): Verdict {
  const title = PATH_TITLES[first.path];
  const told = { metric: `${name} at half the knee of ${title}`, group: 'latency', baseline: first.topology, topology: second.topology } as const;
  if (a === null || b === null) return { ...told, ratio: pairedRatio([], []), outcome: 'too few', sentence: `${told.metric}: too few answers in each window to tell.` };
  return judgeRatio({ ...told, phrase: `${phrase} of ${title} at half its own knee`, ratio: pairedRatio(b.values, a.values) });
}
