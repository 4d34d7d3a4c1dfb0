import { sinceLines } from './against/since-sentences.ts';
import { PATH_TITLES } from './metrics.ts';
import { PATHS, type ComparisonReport, type PathName, type PathReport, type TopologyReport } from './report-schema.ts';
import { sectionTexts } from './section-sentences.ts';
import type { Figure } from './statistics.ts';
import { formatBytes, formatKnee, formatMebibytes, formatMicros, formatMs, formatPrice, searchedOnce, spread } from './units.ts';
import { capitalized } from './verdict.ts';

/** The comparison for a pull request: what differs, the figures, and how to measure them again. */
export function renderMarkdown(report: ComparisonReport): string {
  const { topologies, verdicts, environment, settings, partial, since, warnings } = report;
  const told = verdicts.filter(({ outcome }) => outcome === 'differ');
  return [
    `## ${topologies.map(({ name }) => escaped(name)).join(' and ')} compared`,
    ...(partial === undefined ? [] : [`**Not whole:** ${escaped(partial.reason)}. Missing: ${escaped(partial.missing.join(', '))}.`]),
    listOf(told.map(({ sentence }) => sentence), 'No brew can be named in anything: all differences are inside the noise, or there are too few figures.'),
    ...(since === undefined ? [] : [`### Since ${since.measuredAt}`, listOf(sinceLines(since), '')]),
    table(['median (least – most)', ...topologies.map(({ name }) => name)], rowsOf(report)),
    ...generatorTable(report),
    ...sectionTexts(report).flatMap(({ title, sentences }) => [`### ${capitalized(title)}`, listOf(sentences, '')]),
    ...(warnings.length === 0 ? [] : ['### Mind', listOf(warnings, '')]),
    `Node ${environment.node}, ${environment.cores} cores (${escaped(environment.cpu)}), ${environment.backends} backends, ${environment.durability}, ${environment.sampling * 100} % of requests traced, ${settings.passes} passes, seed ${settings.seed}. Measure again: \`${report.command}\``,
    '',
  ].join('\n\n').trimEnd() + '\n';
}

function rowsOf({ topologies, saturation, settings }: ComparisonReport): string[][] {
  const row = (label: string, of: (topology: TopologyReport) => string): string[] => [label, ...topologies.map(of)];
  const kneeOf = (topology: string, path: string): string => formatKnee(saturation.find((each) => each.topology === topology && each.path === path));
  const each = (figureOf: (path: PathReport) => Figure | undefined, rowOf: (path: PathName) => string[]): string[][] => PATHS.filter((path) => topologies.some(({ paths }) => figureOf(paths[path])?.n)).map(rowOf);
  return [
    ...each(({ cpuMicros }) => cpuMicros?.total, (path) => row(`CPU of ${PATH_TITLES[path]}`, ({ paths }) => spread(paths[path].cpuMicros?.total, formatMicros))),
    ...each(({ cpuMicros }) => cpuMicros?.withBackends, (path) => row(`CPU with backends of ${PATH_TITLES[path]}`, ({ paths }) => spread(paths[path].cpuMicros?.withBackends, formatMicros))),
    ...each(({ p50Ms }) => p50Ms, (path) => row(`p50 / p99 of ${PATH_TITLES[path]}`, ({ paths }) => `${spread(paths[path].p50Ms, formatMs)} / ${paths[path].p99Ms === null ? 'too few' : spread(paths[path].p99Ms, formatMs)}`)),
    ...PATHS.filter((path) => saturation.some((each) => each.path === path)).map((path) => row(`highest rate of ${PATH_TITLES[path]}${searchedOnce(saturation) ? ' (one search)' : ''}`, ({ name }) => kneeOf(name, path))),
    row('memory when idle', ({ idleRssBytes }) => spread(idleRssBytes, formatMebibytes)),
    row('memory under load', ({ loadRssBytes }) => spread(loadRssBytes, formatMebibytes)),
    row('time to start', ({ startupMs }) => spread(startupMs, formatMs)),
    ...each(({ bytes }) => bytes?.sent, (path) => row(`bytes sent / received of ${PATH_TITLES[path]}`, ({ paths }) => `${spread(paths[path].bytes?.sent, formatBytes)} / ${spread(paths[path].bytes?.received, formatBytes)}`)),
    ...weightRows(topologies, row),
    row('spans / log lines for each order', ({ perOrder: { spans, logLines } }) => (spans.n === 0 ? '–' : `${spans.median} / ${logLines.median}`)),
    row('a million orders', ({ pricePerMillionOrders }) => (pricePerMillionOrders === null ? '–' : formatPrice(pricePerMillionOrders.total, settings.prices.currency))),
  ];
}

/** What was not weighed has no row. */
function weightRows(topologies: readonly TopologyReport[], row: (label: string, of: (topology: TopologyReport) => string) => string[]): string[][] {
  const weighed = (bytes: number | undefined): string => (bytes === undefined ? '–' : formatBytes(bytes));
  return [
    ...(topologies.some(({ codeBytes }) => codeBytes !== undefined) ? [row('code that a start reads / all code', ({ codeBytes }) => `${weighed(codeBytes?.start)} / ${weighed(codeBytes?.total)}`)] : []),
    ...(topologies.some(({ imageBytes }) => imageBytes !== undefined) ? [row('images', ({ imageBytes }) => weighed(imageBytes))] : []),
  ];
}

/** It is one for all brews: its figures are those of all their windows. */
function generatorTable({ generatorCores, settings }: ComparisonReport): string[] {
  const rows = PATHS.filter((path) => generatorCores[path].n > 0).map((path) => [PATH_TITLES[path], spread(generatorCores[path], (cores) => cores.toFixed(2))]);
  return rows.length === 0 ? [] : [table(['load generator', `cores it used (a window is void above ${settings.limits.generatorCores})`], rows)];
}

function listOf(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.map((item) => `- ${escaped(item)}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** What Markdown would take for its own. */
function escaped(text: string): string {
  return text.replace(/[\\`*_|<>[\]#]/g, String.raw`\$&`);
}
