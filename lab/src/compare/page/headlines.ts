import type { Verdict } from '../report-schema.ts';

/** What most people ask first. */
const ORDER_OF_GROUPS = ['capacity', 'cpu', 'latency', 'memory', 'start-up', 'price', 'bytes'] as const satisfies readonly Verdict['group'][];
const ORDER_PATH = 'POST /orders';

/** The clear differences that stand for their group: one each, of the order path where there is one, for each brew that is told against the baseline. */
export function headlines(verdicts: readonly Verdict[]): Verdict[] {
  const clear = verdicts.filter(({ outcome }) => outcome === 'differ');
  return [...Map.groupBy(clear, ({ topology }) => topology).values()].flatMap((ofBrew) =>
    ORDER_OF_GROUPS.flatMap((group) => {
      const ofGroup = ofBrew.filter((verdict) => verdict.group === group);
      return ofGroup.find(({ metric }) => metric.includes(ORDER_PATH)) ?? ofGroup[0] ?? [];
    }),
  );
}
