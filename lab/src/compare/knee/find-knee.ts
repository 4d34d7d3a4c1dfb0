/** Whether a rate was borne. */
export interface ProbeOutcome {
  holds: boolean;
  /** It failed, or could not be told, because of whoever sent the requests. */
  limitedByGenerator?: boolean;
}

export interface KneeSearch {
  /** Sends at a rate for a while and says what became of it. */
  probe: (ratePerSecond: number) => Promise<ProbeOutcome>;
  /** A guess to begin with. */
  startAt: number;
  /** The rate found and the next that fails lie this near to each other, 0.03 for 3 %. */
  tolerance: number;
  lowest: number;
  highest: number;
}

export interface FoundKnee {
  /** The highest rate that held; null where none did. */
  ratePerSecond: number | null;
  /** The lowest above it that failed; null where none did. */
  failedAtRatePerSecond: number | null;
  found: 'between' | 'above' | 'below' | 'generator';
}

/** How many steps of the tolerance the first stride makes; each further one makes twice as many. */
const FIRST_STRIDE = 8;

/**
 * Finds the highest rate that holds: strides up or down from the guess until one rate holds and another fails, then halves between them.
 * Rates are powers of 1 + tolerance, so that two searches on one path try the same ones. What failed next above is tried once more:
 * one pause of the machine must not decide.
 */
export async function findKnee(search: KneeSearch): Promise<FoundKnee> {
  const step = Math.log(1 + search.tolerance);
  const [lowest, highest] = [Math.ceil(Math.log(search.lowest) / step), Math.floor(Math.log(search.highest) / step)];
  const outcomes = new Map<number, ProbeOutcome>();
  const tries = new Map<number, number>();
  const tryAt = async (at: number): Promise<boolean> => {
    const outcome = await search.probe(rateAt(at, step));
    outcomes.set(at, outcome);
    tries.set(at, (tries.get(at) ?? 0) + 1);
    return outcome.holds;
  };
  const held = (): number => Math.max(-Infinity, ...[...outcomes].filter(([, { holds }]) => holds).map(([at]) => at));
  const failed = (): number => Math.min(Infinity, ...[...outcomes].filter(([at, { holds }]) => !holds && at > held()).map(([at]) => at));

  let at = Math.min(highest, Math.max(lowest, Math.round(Math.log(search.startAt) / step)));
  for (let stride = FIRST_STRIDE; ; stride *= 2) {
    const goesUp = await tryAt(at);
    const next = goesUp ? Math.min(highest, at + stride) : Math.max(lowest, at - stride);
    if (next === at || (Number.isFinite(held()) && Number.isFinite(failed()))) break;
    at = next;
  }
  while (Number.isFinite(held()) && Number.isFinite(failed())) {
    const [low, high] = [held(), failed()];
    if (high - low > 1) await tryAt(Math.floor((low + high) / 2));
    else if (tries.get(high) === 1) await tryAt(high);
    else break;
  }
  return conclude(held(), failed(), { step, generator: outcomes.get(failed())?.limitedByGenerator === true });
}

function conclude(held: number, failed: number, { step, generator }: { step: number; generator: boolean }): FoundKnee {
  const found = generator ? 'generator' : !Number.isFinite(held) ? 'below' : !Number.isFinite(failed) ? 'above' : 'between';
  return { ratePerSecond: Number.isFinite(held) ? rateAt(held, step) : null, failedAtRatePerSecond: Number.isFinite(failed) ? rateAt(failed, step) : null, found };
}

function rateAt(index: number, step: number): number {
  return Math.exp(index * step);
}
