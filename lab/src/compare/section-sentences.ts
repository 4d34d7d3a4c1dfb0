import type { ComparisonReport } from './report-schema.ts';
import { SECTION_TITLES } from './section-titles.ts';
import { rateText } from './scaling/rate-text.ts';
import type { BlastRadius, Changes, Isolation, Scaling } from './section-schemas.ts';
import type { Figure } from './statistics.ts';
import { titleOfPath } from './page/title-of-path.ts';
import { formatMebibytes, formatMicros, formatMs, formatRate, formatRecovery, spread, spreadWithN } from './units.ts';
import { rangeOf, times } from './verdict.ts';

/** What a section says, line by line. */
export interface SectionText {
  title: string;
  sentences: string[];
}

/** The sections beside the comparison and the highest rates, as far as they were measured, for a terminal or a pull request. */
export function sectionTexts({ taxes, dial, blastRadius, isolation, scaling, changes, environment }: ComparisonReport): SectionText[] {
  return [
    { title: SECTION_TITLES.taxes, sentences: [...(taxes?.brokers ?? []), ...(taxes?.insteadOfPostgres ?? []), ...(taxes?.splitting ?? [])].map(({ sentence }) => sentence) },
    { title: SECTION_TITLES.dial, sentences: (dial?.cuts ?? []).flatMap(({ prices }) => prices.map(({ sentence }) => sentence)) },
    { title: SECTION_TITLES.blastRadius, sentences: (blastRadius?.rows ?? []).map(sentenceOfBreakage) },
    { title: SECTION_TITLES.isolation, sentences: (isolation?.rows ?? []).map(sentenceOfIsolation) },
    { title: SECTION_TITLES.scaling, sentences: (scaling?.rows ?? []).map((row) => sentenceOfScaling(row, environment.cores)) },
    { title: SECTION_TITLES.changes, sentences: (changes?.rows ?? []).map(sentenceOfChange) },
  ].filter(({ sentences }) => sentences.length > 0);
}

function sentenceOfBreakage({ topology, part, fault, journeys, recoveryMs }: BlastRadius['rows'][number]): string {
  const effects = Map.groupBy(Object.entries(journeys), ([, effect]) => effect);
  const words = (['works', 'degrades', 'fails'] as const).flatMap((effect) => {
    const found = effects.get(effect);
    return found === undefined ? [] : [`${found.map(([journey]) => journey).join(', ')}: ${effect}`];
  });
  return `${topology}, ${part} ${fault}: ${words.join('; ')}; recovers ${formatRecovery(recoveryMs)}.`;
}

function sentenceOfIsolation({ topology, module, observedPath, p99Ms: { alone, beside }, ratio }: Isolation['rows'][number]): string {
  return `${topology}, p99 of ${titleOfPath(observedPath)} beside busy ${module}: ${times(ratio.estimate)} that of alone (${rangeOf(ratio)}; ${formatMs(alone.median)} alone, ${formatMs(beside.median)} beside).`;
}

function sentenceOfScaling(row: Scaling['rows'][number], cores: number): string {
  const { topology, replicas, path, perAddedCore, cpuMicros, rssBytes } = row;
  const rate = [rateText(row, cores), ...(perAddedCore === null ? [] : [`${spreadWithN(perAddedCore, formatRate)} for each core added`])].join(', ');
  return `${topology} with ${Object.entries(replicas).map(([name, count]) => `${count} × ${name}`).join(', ')}, ${titleOfPath(path)}: ${rate}; ${spread(cpuMicros, formatMicros)} of CPU for each, ${spread(rssBytes, formatMebibytes)}.`;
}

function sentenceOfChange({ module, topology, buildMs, testMs, restartMs, processes }: Changes['rows'][number]): string {
  const step = (name: string, figure: Figure): string[] => (figure.n === 0 ? [] : [`${name} ${spread(figure, formatMs)}`]);
  return `${module} of ${topology}: ${[...step('build', buildMs), ...step('tests', testMs), ...step(`restart of ${processes.join(', ')}`, restartMs)].join(', ')}.`;
}
