import type { Html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import { PATH_TITLES } from '../metrics.ts';
import type { ComparisonReport } from '../report-schema.ts';

/** How many windows there were, and why some do not count. */
export function wordsOfRounds({ rounds }: ComparisonReport): string {
  const reasons = rounds.flatMap((round) => (round.void === null ? [] : [`${round.topology}, ${PATH_TITLES[round.path]}, ${round.pass === 0 ? 'outside the passes' : `pass ${round.pass}`}: ${round.void}`]));
  if (reasons.length === 0) return `${rounds.length} windows, none of them void.`;
  return `${reasons.length} of ${rounds.length} windows ${reasons.length === 1 ? 'was' : 'were'} void (${reasons.join('; ')}).`;
}

export function roundsTable({ rounds }: ComparisonReport): Html {
  return renderTable({
    label: 'Every window',
    columns: [{ title: 'pass', number: true }, { title: 'brew' }, { title: 'path' }, ...['attempt', 'began after', 'took', 'generator', 'strangers', 'taken by the host'].map((title) => ({ title, number: true })), { title: 'void because' }],
    rows: rounds.map((round) => [
      round.pass, round.topology, PATH_TITLES[round.path], round.attempt, `${(round.startedAfterMs / 1000).toFixed(1)} s`, `${(round.elapsedMs / 1000).toFixed(1)} s`,
      `${round.generatorCores.toFixed(2)} cores`, round.strangerCores === null ? 'unknown' : `${round.strangerCores.toFixed(2)} cores`, round.stealShare === null ? 'unknown' : `${(round.stealShare * 100).toFixed(1)} %`, round.void ?? '',
    ]),
  });
}
