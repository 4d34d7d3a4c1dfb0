import type { ReportBody } from '../build-report.ts';
import { unpairedRatio } from '../method/paired-ratio.ts';
import type { Change, ComparisonReport, SinceReport } from '../report-schema.ts';
import { capitalized, isClear, times, widened } from '../verdict.ts';
import { formatIn, type ComparedFigure } from './compared-figure.ts';
import { differencesBetween } from './differences.ts';
import { figuresOfPasses } from './figures-of-passes.ts';
import { figuresOfSaturation } from './figures-of-saturation.ts';
import { figuresOfSections } from './figures-of-sections.ts';
import { turnsBetween } from './turns.ts';

/** Two runs lie hours apart and share no passes: a change must be larger than between two brews of one run. */
const RULE = { fewest: 0, noise: 0.1 };
const FEWEST_VALUES = 4;

/** What has changed since an earlier report, beyond the noise of both. */
export function changesSince(before: ComparisonReport, now: ReportBody): SinceReport {
  const { told, incomparable } = differencesBetween(before, now);
  const then = new Map(figuresOf(before).map((figure) => [keyOf(figure), figure]));
  const changes = figuresOf(now).flatMap((figure) => {
    const earlier = then.get(keyOf(figure));
    return earlier === undefined || incomparable.has(figure.section) ? [] : changeOf(earlier, figure);
  });
  return { measuredAt: before.measuredAt, differences: told, changes, turns: turnsBetween(before, now).filter(({ section }) => !incomparable.has(section)) };
}

function figuresOf(report: Pick<ComparisonReport, keyof ReportBody>): ComparedFigure[] {
  return [...figuresOfPasses(report), ...figuresOfSaturation(report), ...figuresOfSections(report)];
}

function keyOf({ section, topology, metric }: ComparedFigure): string {
  return [section, topology, metric].join('\n');
}

/** Nothing where one of the two has no value, and not even a bound. */
function changeOf(before: ComparedFigure, after: ComparedFigure): Change[] {
  const isKnown = ({ figure, told }: ComparedFigure): boolean => figure.n > 0 || told !== undefined;
  if (!isKnown(before) || !isKnown(after)) return [];
  const { section, topology, metric, unit } = after;
  const ratio = after.exact === true ? exactRatio(before, after) : widened(unpairedRatio(after.figure.values, before.figure.values), (before.tolerance ?? 0) + (after.tolerance ?? 0));
  const changed = after.exact === true ? isApart(before, after) : isChanged(before, after, ratio);
  return [{ section, topology, metric, unit, before: before.figure, after: after.figure, ratio, changed, sentence: `${capitalized(topology)}, ${metric}: ${wordsOf(before, after, { ratio, changed })}.` }];
}

/** Without an interval: nothing is uncertain. */
function exactRatio({ figure: before }: ComparedFigure, { figure: after }: ComparedFigure): Change['ratio'] {
  const estimate = after.median / Math.max(1, before.median);
  return { low: estimate, estimate, high: estimate, pairs: [] };
}

/** Spans may come one more or one less from order to order: what lies within what was before has not changed. */
function isApart({ figure: before }: ComparedFigure, { figure: after }: ComparedFigure): boolean {
  return after.min > before.max || after.max < before.min;
}

function isChanged(before: ComparedFigure, after: ComparedFigure, ratio: Change['ratio']): boolean | null {
  const isFit = ({ figure, unfit }: ComparedFigure): boolean => figure.n >= FEWEST_VALUES && figure.min > 0 && unfit === undefined;
  return isFit(before) && isFit(after) ? isClear(ratio, RULE) : null;
}

function wordsOf(before: ComparedFigure, after: ComparedFigure, { ratio, changed }: Pick<Change, 'ratio' | 'changed'>): string {
  const values = `${valueOf(before)} then, ${valueOf(after)} now`;
  if (after.exact === true) return changed === true ? values : valueOf(before) === valueOf(after) ? `${valueOf(after)} then and now` : `${values}: no change, one order differs from the next by as much`;
  if (changed === null) return `${values}; ${whyUntold(before, after)}`;
  const range = `${times(ratio.estimate)} (${times(ratio.low)} to ${times(ratio.high)})`;
  return changed ? `${values}, ${range}` : `${values}, no change beyond the noise (${range})`;
}

/** Of bytes that are exact each one counts. */
function valueOf({ figure: { median, min, max }, unit, exact, told }: ComparedFigure): string {
  const format = (value: number): string => (exact === true && unit === 'bytes' ? `${value} B` : formatIn(unit, value));
  return told ?? (exact === true && min < max ? `${format(min)} to ${format(max)}` : format(median));
}

function whyUntold(before: ComparedFigure, after: ComparedFigure): string {
  for (const [when, { unfit }] of [['then', before], ['now', after]] as const) if (unfit !== undefined) return `${when} ${unfit}`;
  const [one, many] = after.from ?? ['value', 'values'];
  const [then, now] = [before.figure.n, after.figure.n];
  if (then === 0 || now === 0) return 'the limit was not found both times';
  if (then === 1 && now === 1) return `one ${one} each, no interval`;
  const counted = (n: number): string => (n === 1 ? `one ${one}` : `${n} ${many}`);
  return Math.min(then, now) < FEWEST_VALUES ? `${counted(then)} then, ${counted(now)} now: it takes ${FEWEST_VALUES} of each to tell` : 'some values are 0';
}
