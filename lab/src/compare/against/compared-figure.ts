import type { SectionName, Unit } from '../report-schema.ts';
import type { Figure } from '../statistics.ts';
import { formatBytes, formatMicros, formatMs, formatRate } from '../units.ts';
import { times } from '../verdict.ts';

/** A figure of a report that another report may have as well. */
export interface ComparedFigure {
  section: SectionName;
  /** The brew, with what is special about it where the figure was taken. */
  topology: string;
  metric: string;
  unit: Unit;
  figure: Figure;
  /** Counted: whatever is different has changed. */
  exact?: true;
  /** By which share each value may be wrong, however alike they are. */
  tolerance?: number;
  /** What gives one value, one and many of them. */
  from?: readonly [one: string, many: string];
  /** In place of the median: of a limit that was not found, or with what the figure depends on. */
  told?: string;
  /** Why nothing can be told of it, however many values there are. */
  unfit?: string;
}

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = { ms: formatMs, µs: formatMicros, bytes: formatBytes, 'a second': formatRate, times, count: String };

export function formatIn(unit: Unit, value: number): string {
  return FORMATS[unit](value);
}
