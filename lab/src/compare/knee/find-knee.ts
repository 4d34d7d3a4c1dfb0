import type { FoundKnee } from '../saturation-schema.ts';

/** Whether a rate was borne. */
export interface ProbeOutcome {
  /** Null where that could not be told. */
  holds: boolean | null;
  /** It could not be told because of whoever sent the requests, who can send no more than that. */
  limitedByGenerator?: boolean;
}

export interface KneeSearch {
  /** Sends at a rate for a while and says what became of it. */
  probe: (ratePerSecond: number) => Promise<ProbeOutcome>;
  /** A guess to begin with. */
  startAt: number;
  /** From the guess to the second rate, in steps of the tolerance; each further stride is twice as long. Small where the guess is a good one. */
  firstStride?: number;
  /** The rate found and the next that fails lie this near to each other, 0.03 for 3 %. */
  tolerance: number;
  lowest: number;
  highest: number;
}

/** What a search knows of a rate. */
type Known = 'held' | 'failed' | 'limit';

const FIRST_STRIDE = 8;

/**
 * Finds the highest rate that holds: strides up or down from the guess until one rate holds and another fails, then halves between them.
 * Rates are powers of 1 + tolerance, so that two searches on one path try the same ones. What failed next above is tried once more:
 * one pause of the machine must not decide. A rate of which nothing can be told ends the search.
 */
export async function findKnee(search: KneeSearch): Promise<FoundKnee> {
  const step = Math.log(1 + search.tolerance);
  const [lowest, highest] = [Math.ceil(Math.log(search.lowest) / step), Math.floor(Math.log(search.highest) / step)];
  const known = new Map<number, Known>();
  const tries = new Map<number, number>();
  let disturbed = false;
  const tryAt = async (at: number): Promise<boolean> => {
    const { holds, limitedByGenerator = false } = await search.probe(rateAt(at, step));
    tries.set(at, (tries.get(at) ?? 0) + 1);
    disturbed = holds === null && !limitedByGenerator;
    if (!disturbed) known.set(at, limitedByGenerator ? 'limit' : holds === true ? 'held' : 'failed');
    return holds === true;
  };
  const held = (): number => Math.max(-Infinity, ...ratesThat(known, (what) => what === 'held'));
  const next = (is: (what: Known) => boolean = (what) => what !== 'held'): number => Math.min(Infinity, ...ratesThat(known, is).filter((at) => at > held()));
  const isBetween = (): boolean => !disturbed && Number.isFinite(held()) && Number.isFinite(next());

  let at = Math.min(highest, Math.max(lowest, Math.round(Math.log(search.startAt) / step)));
  for (let stride = search.firstStride ?? FIRST_STRIDE; ; stride *= 2) {
    const goesUp = await tryAt(at);
    const further = goesUp ? Math.min(highest, at + stride) : Math.max(lowest, at - stride);
    if (further === at || disturbed || isBetween()) break;
    at = further;
  }
  while (isBetween()) {
    const [low, high] = [held(), next()];
    if (high - low > 1) await tryAt(Math.floor((low + high) / 2));
    else if (tries.get(high) === 1) await tryAt(high);
    else break;
  }
  const failed = next((what) => what === 'failed');
  return {
    ratePerSecond: Number.isFinite(held()) ? rateAt(held(), step) : null,
    failedAtRatePerSecond: Number.isFinite(failed) ? rateAt(failed, step) : null,
    found: disturbed ? 'disturbed' : known.get(next()) === 'limit' ? 'generator' : !Number.isFinite(held()) ? 'below' : !Number.isFinite(failed) ? 'above' : 'between',
  };
}

function ratesThat(known: ReadonlyMap<number, Known>, is: (what: Known) => boolean): number[] {
  return [...known].filter(([, what]) => is(what)).map(([at]) => at);
}

function rateAt(index: number, step: number): number {
  return Math.exp(index * step);
}
