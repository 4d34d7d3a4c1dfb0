import { parsePrometheusText } from '../audit/prometheus-text.ts';

/** Spans that processes made and nobody received: the queue was full, or the receiver did not take them. */
export interface LostSpans {
  dropped: number;
  failed: number;
}

const ANSWER_TIMEOUT_MS = 2_000;

/** What the processes of a brew have lost since they began; undefined when one cannot be asked. */
export async function lostSpansOf(opsOrigins: readonly string[]): Promise<LostSpans | undefined> {
  try {
    const pages = await Promise.all(opsOrigins.map(async (origin) => (await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })).text()));
    const samples = pages.flatMap(parsePrometheusText).filter(({ name }) => name === 'doubleshot_spans_total');
    const sum = (outcome: string): number => samples.filter(({ labels }) => labels['outcome'] === outcome).reduce((total, { value }) => total + value, 0);
    return { dropped: sum('dropped'), failed: sum('failed') };
  } catch {
    return undefined;
  }
}

/** In words, for the line below a trace; nothing where it is not known. */
export function describeLost(lost: LostSpans | undefined): string {
  return lost === undefined ? '' : `, spans lost by its processes so far: ${lost.dropped} dropped, ${lost.failed} not taken`;
}
