import { METRICS, type Metric } from './metrics.ts';
import { pairedRatio } from './method/paired-ratio.ts';
import type { PathName, TopologyReport, Verdict } from './report-schema.ts';
import type { Ratio } from './statistics.ts';

/**
 * The rule: a brew is named when the 95 % interval of the paired ratios lies wholly outside 1 ± 5 % and rests on four pairs or more.
 * Less than that a quiet machine differs from itself, and fewer pairs hardly show by how much.
 */
export const NOISE_SHARE = 0.05;
export const FEWEST_PAIRS = 4;
/** Below this share of the rate, or above this share of errors, a brew is overloaded and its latency is that of a queue. */
const KEPT_UP_SHARE = 0.9;
const ERROR_SHARE = 0.01;

/** Whether a brew kept up with the rate of a path. */
export function keptUp({ paths }: TopologyReport, path: PathName): boolean {
  const { throughput, ratePerSecond, errors, requests } = paths[path];
  return throughput.median >= ratePerSecond * KEPT_UP_SHARE && errors <= requests * ERROR_SHARE;
}

/** Whether an interval lies clear of what counts as noise. */
export function isClear({ low, high, pairs }: Ratio, { fewest = FEWEST_PAIRS, noise = NOISE_SHARE } = {}): boolean {
  return pairs.length >= fewest && (low > 1 + noise || high < 1 / (1 + noise));
}

/** Says for each metric and each brew but the first whether it needs less than the first, or that the noise hides it. */
export function judge([baseline, ...others]: readonly TopologyReport[]): Verdict[] {
  if (baseline === undefined) return [];
  return others.flatMap((other) => METRICS.map((metric) => judgeMetric(metric, baseline, other)));
}

function judgeMetric(metric: Metric, baseline: TopologyReport, other: TopologyReport): Verdict {
  const [a, b] = [metric.of(baseline), metric.of(other)];
  const told = { metric: metric.title, group: metric.group, baseline: baseline.name, topology: other.name };
  if (a === null || b === null) return { ...told, ratio: pairedRatio([], []), outcome: 'too few', sentence: `${metric.title}: too few answers in each window to tell.` };
  const ratio = widened(pairedRatio(b.values, a.values), stepShareOf(metric, baseline) + stepShareOf(metric, other));
  if (ratio.pairs.length === 0) return { ...told, ratio, outcome: 'not measured', sentence: `${metric.title}: not measured.` };
  const overloaded = [baseline, other].filter((topology) => metric.needsRateOf !== undefined && !keptUp(topology, metric.needsRateOf)).map(({ name }) => name);
  if (overloaded.length > 0) return { ...told, ratio, outcome: 'overloaded', sentence: `No winner in ${metric.phrase}: ${overloaded.join(' and ')} did not keep up with the rate.` };
  const besides = togetherOf(metric, baseline, other);
  return judgeRatio({ ...told, phrase: metric.phrase, ratio, besides });
}

/** What was compared, of which less is better, and what else is told in the same sentence. */
interface Compared extends Pick<Verdict, 'metric' | 'group' | 'baseline' | 'topology' | 'ratio'> {
  phrase: string;
  besides?: string;
}

/** What a ratio says that rests on one pair at least. */
export function judgeRatio({ phrase, besides = '', ...told }: Compared): Verdict {
  const { baseline, topology, ratio } = told;
  if (ratio.pairs.length < FEWEST_PAIRS) return { ...told, outcome: 'too few', sentence: `No winner in ${phrase}: too few to name one (${topology} ${times(ratio.estimate)}, ${pairsOf(ratio)})${besides}.` };
  if (!isClear(ratio)) return { ...told, outcome: 'indistinguishable', sentence: `No winner in ${phrase}: the difference is inside the noise (${topology} ${rangeOf(ratio)})${besides}.` };
  const [more, less, shown] = ratio.estimate > 1 ? [topology, baseline, ratio] : [baseline, topology, inverse(ratio)];
  return { ...told, outcome: 'differ', winner: less, sentence: `${capitalized(more)} needs ${times(shown.estimate)} the ${phrase} that ${less} does (${rangeOf(shown)})${besides}.` };
}

/** What the metric leaves out, in the same sentence; always the other brew as a multiple of the baseline. */
function togetherOf({ together }: Metric, baseline: TopologyReport, other: TopologyReport): string {
  if (together === undefined) return '';
  return `; ${together.phrase}: ${other.name} ${times(pairedRatio(together.of(other).values, together.of(baseline).values).estimate)} ${baseline.name}`;
}

function stepShareOf(metric: Metric, topology: TopologyReport): number {
  const median = metric.of(topology)?.median ?? 0;
  return median === 0 ? 0 : (metric.stepOf?.(topology) ?? 0) / median;
}

/** By how far the figures themselves are uncertain, however alike they are. */
export function widened({ low, high, ...rest }: Ratio, share: number): Ratio {
  return { ...rest, low: low / (1 + share), high: high * (1 + share) };
}

export function inverse({ low, estimate, high, pairs }: Ratio): Ratio {
  return { low: 1 / high, estimate: 1 / estimate, high: 1 / low, pairs: pairs.map((pair) => 1 / pair) };
}

export function rangeOf(ratio: Ratio): string {
  return `${times(ratio.low)} to ${times(ratio.high)}, ${pairsOf(ratio)}`;
}

export function pairsOf({ pairs }: Ratio): string {
  if (pairs.length === 0) return 'no pairs';
  return pairs.length === 1 ? 'one pair' : `n = ${pairs.length} pairs`;
}

export function times(ratio: number): string {
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
