/** Places values on one side of a chart. */
export interface Axis {
  /** 0 at the least, 1 at the most. */
  at: (value: number) => number;
  ticks: readonly number[];
}

const MOST_TICKS = 5;
const DECADE = 10;
const STEPS = [1, 2, 5, DECADE] as const;
/** Beyond so many decades the powers of ten are ticks enough. */
const FEW_DECADES = 2.5;

/** From nothing to the greatest of the values. */
export function linearAxis(values: readonly number[]): Axis {
  const greatest = Math.max(...values);
  const most = greatest > 0 ? greatest : 1;
  const rough = most / MOST_TICKS;
  const power = DECADE ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((factor) => factor * power >= rough) ?? DECADE) * power;
  const end = Math.ceil(most / step) * step;
  return { at: (value) => value / end, ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step) };
}

/** For values that lie powers of ten apart; none of them may be 0. */
export function logAxis(values: readonly number[]): Axis {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const marks = marksAround(least, most);
  const start = marks.findLast((mark) => mark <= least) ?? least;
  const end = marks.find((mark) => mark >= most && mark > start) ?? most;
  const [from, to] = [Math.log10(start), Math.log10(end)];
  const decades = to - from;
  const ticks = marks.filter((mark) => mark >= start && mark <= end && (decades <= FEW_DECADES || Number.isInteger(Math.round(Math.log10(mark) * 1e9) / 1e9)));
  return { at: (value) => (Math.log10(value) - from) / decades, ticks };
}

/** 1, 2, 5, 10, 20, … from below the least to above the most. */
function marksAround(least: number, most: number): number[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most)) + 1];
  const powers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return powers.flatMap((power) => [1, 2, 5].map((factor) => Number((factor * DECADE ** power).toPrecision(1))));
}

const PERCENTS = [0, 50, 90, 99, 99.9] as const;
const ALL = 100;

/** Percentiles with room for the slowest few: 90, 99 and 99.9 lie equally far apart. */
export function percentAxis(): Axis {
  const nines = (percent: number): number => Math.log10(ALL / (ALL - percent));
  const most = nines(PERCENTS[PERCENTS.length - 1] ?? 0);
  return { at: (percent) => nines(percent) / most, ticks: PERCENTS };
}
