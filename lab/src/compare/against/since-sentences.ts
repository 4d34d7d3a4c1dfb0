import type { Change, SinceReport } from '../report-schema.ts';

/** What is to be read first of what has changed: everything else is in the table of the page. */
export interface SinceText {
  /** What was not measured in the same way. */
  differences: string[];
  /** How many have changed, of how many. */
  summary: string;
  changed: string[];
  /** What each highest rate was and is, where too few searches were made to tell a change. */
  untoldRates: string[];
}

export function sinceText({ differences = [], changes, turns = [] }: SinceReport): SinceText {
  const untold = changes.filter(({ changed }) => changed === null);
  const rates = untold.filter(isHighestRate);
  const changed = changes.filter((change) => change.changed === true);
  const turned = turns.filter(({ before, after }) => before !== after);
  return {
    differences: [...differences],
    summary: [
      changed.length === 0 ? `Nothing has changed beyond the noise, of ${changes.length} figures` : `${changed.length} of ${changes.length} figures changed beyond the noise of both`,
      ...(untold.length === 0 ? [] : [`${untold.length} have too few values to tell`]),
      ...(turned.length === 0 ? [] : [`${turned.length} of ${turns.length} journeys, and rates kept up with, are not as they were`]),
    ].join('; ') + '.',
    changed: [...changed, ...turned].map(({ sentence }) => sentence),
    untoldRates: rates.map(({ sentence }) => sentence),
  };
}

function isHighestRate({ section, unit }: Change): boolean {
  return section === 'saturation' && unit === 'a second';
}

/** The same line by line. */
export function sinceLines(since: SinceReport): string[] {
  const { differences, summary, changed, untoldRates } = sinceText(since);
  return [...(differences.length === 0 ? [] : [`Not the same: ${differences.join('; ')}.`]), summary, ...changed, ...untoldRates];
}
