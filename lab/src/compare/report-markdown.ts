import { PATH_TITLES } from './metrics.ts';
import { PATHS, type ComparisonReport, type TopologyReport } from './report-schema.ts';
import { sectionTexts } from './section-sentences.ts';
import { formatKnee, formatMebibytes, formatMicros, formatMs, formatPrice, searchedOnce, spread } from './units.ts';
import { capitalized } from './verdict.ts';

/** The comparison for a pull request: what differs, the figures, and how to measure them again. */
export function renderMarkdown(report: ComparisonReport): string {
  const { topologies, verdicts, environment, settings, partial, since, warnings } = report;
  const told = verdicts.filter(({ outcome }) => outcome === 'differ');
  const changed = since?.changes.filter((change) => change.changed) ?? [];
  return [
    `## ${topologies.map(({ name }) => escaped(name)).join(' and ')} compared`,
    ...(partial === undefined ? [] : [`**Not whole:** ${escaped(partial.reason)}. Missing: ${escaped(partial.missing.join(', '))}.`]),
    listOf(told.map(({ sentence }) => sentence), 'No brew can be named in anything: all differences are inside the noise, or there are too few figures.'),
    ...(since === undefined ? [] : [`### Since ${since.measuredAt}`, listOf(changed.map(({ sentence }) => sentence), 'Nothing has changed beyond the noise.')]),
    table(['median (least – most)', ...topologies.map(({ name }) => name)], rowsOf(report)),
    ...sectionTexts(report).flatMap(({ title, sentences }) => [`### ${capitalized(title)}`, listOf(sentences, '')]),
    ...(warnings.length === 0 ? [] : ['### Mind', listOf(warnings, '')]),
    `Node ${environment.node}, ${environment.cores} cores (${escaped(environment.cpu)}), ${environment.backends} backends, ${environment.durability}, ${environment.sampling * 100} % of requests traced, ${settings.passes} passes, seed ${settings.seed}. Measure again: \`${report.command}\``,
    '',
  ].join('\n\n').trimEnd() + '\n';
}

function rowsOf({ topologies, saturation, settings }: ComparisonReport): string[][] {
  const row = (label: string, of: (topology: TopologyReport) => string): string[] => [label, ...topologies.map(of)];
  const kneeOf = (topology: string, path: string): string => formatKnee(saturation.find((each) => each.topology === topology && each.path === path));
  return [
    ...PATHS.filter((path) => topologies.some(({ paths }) => paths[path].cpuMicros?.total.n ?? 0)).map((path) => row(`CPU of ${PATH_TITLES[path]}`, ({ paths }) => spread(paths[path].cpuMicros?.total, formatMicros))),
    ...PATHS.filter((path) => topologies.some(({ paths }) => paths[path].p50Ms.n > 0)).map((path) => row(`p50 / p99 of ${PATH_TITLES[path]}`, ({ paths }) => `${spread(paths[path].p50Ms, formatMs)} / ${paths[path].p99Ms === null ? 'too few' : spread(paths[path].p99Ms, formatMs)}`)),
    ...PATHS.filter((path) => saturation.some((each) => each.path === path)).map((path) => row(`highest rate of ${PATH_TITLES[path]}${searchedOnce(saturation) ? ' (one search)' : ''}`, ({ name }) => kneeOf(name, path))),
    row('memory when idle', ({ idleRssBytes }) => spread(idleRssBytes, formatMebibytes)),
    row('memory under load', ({ loadRssBytes }) => spread(loadRssBytes, formatMebibytes)),
    row('time to start', ({ startupMs }) => spread(startupMs, formatMs)),
    row('spans / log lines for each order', ({ perOrder: { spans, logLines } }) => (spans.n === 0 ? '–' : `${spans.median} / ${logLines.median}`)),
    row('a million orders', ({ pricePerMillionOrders }) => (pricePerMillionOrders === null ? '–' : formatPrice(pricePerMillionOrders.total, settings.prices.currency))),
  ];
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
