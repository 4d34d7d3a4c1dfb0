import { sinceLines } from './against/since-sentences.ts';
import { PATH_TITLES } from './metrics.ts';
import { PATHS, type ComparisonReport, type PathReport, type TopologyReport, type Verdict } from './report-schema.ts';
import { sectionTexts } from './section-sentences.ts';
import type { Figure } from './statistics.ts';
import { formatKnee, formatMebibytes, formatMicros, formatMs, formatPrice, formatRate, searchedOnce, spread } from './units.ts';
import { times } from './verdict.ts';

const LABEL_WIDTH = 44;
const VALUE_WIDTH = 30;

/** The comparison as lines for a terminal. */
export function renderComparisonTable(report: ComparisonReport): string {
  const row = (label: string, cells: readonly string[]): string => [label.padEnd(LABEL_WIDTH), ...cells.map((cell) => cell.padStart(VALUE_WIDTH))].join(' ').trimEnd();
  const both = (label: string, of: (topology: TopologyReport) => string): string => row(label, report.topologies.map(of));
  const rule = '─'.repeat(LABEL_WIDTH + (VALUE_WIDTH + 1) * report.topologies.length);
  return [
    row('median (least – most)', report.topologies.map((topology) => topology.name)),
    rule,
    ...PATHS.filter((path) => report.topologies.some(({ paths }) => paths[path].requests > 0)).flatMap((path) => [
      `${PATH_TITLES[path]}, ${formatRate(report.topologies[0]?.paths[path].ratePerSecond ?? 0)}`,
      ...pathRows(both, (topology) => topology.paths[path]),
    ]),
    both('memory idle', ({ idleRssBytes }) => spread(idleRssBytes, formatMebibytes)),
    both('memory under load', ({ loadRssBytes }) => spread(loadRssBytes, formatMebibytes)),
    both('start-up', ({ startupMs }) => spread(startupMs, formatMs)),
    ...(report.topologies.some(({ perOrder }) => perOrder.spans.n > 0) ? [both('spans / log lines for each order', ({ perOrder: { spans, logLines } }) => (spans.n === 0 ? '–' : `${spans.median} / ${logLines.median}`))] : []),
    both('a million orders', ({ pricePerMillionOrders }) => (pricePerMillionOrders === null ? '–' : formatPrice(pricePerMillionOrders.total, report.settings.prices.currency))),
    ...kneeRows(report, row),
    rule,
    ...(report.partial === undefined ? [] : [`! not whole: ${report.partial.reason}; missing: ${report.partial.missing.join(', ')}`]),
    ...verdictLines(report.verdicts),
    ...sectionTexts(report).flatMap(({ title, sentences }) => [title, ...sentences.map((sentence) => `• ${sentence}`)]),
    ...(report.since === undefined ? [] : [`since ${report.since.measuredAt}`, ...sinceLines(report.since).map((line) => `• ${line}`)]),
    ...report.warnings.map((warning) => `! ${warning}`),
  ].join('\n');
}

/** A sentence each; a comparison that was too short to name anybody says so once. */
function verdictLines(verdicts: readonly Verdict[]): string[] {
  const isTooShort = ({ outcome, ratio }: Verdict): boolean => outcome === 'too few' && ratio.pairs.length > 0;
  const tooShort = Map.groupBy(verdicts.filter(isTooShort), ({ topology, baseline }) => `${topology} as a multiple of ${baseline}`);
  return [
    ...verdicts.filter((verdict) => !isTooShort(verdict)).map(({ sentence }) => `• ${sentence}`),
    ...[...tooShort].flatMap(([title, each]) => [
      `• Measured too few times to name a winner (a longer comparison can: make compare); ${title}:`,
      ...each.map(({ metric, ratio }) => `    ${times(ratio.estimate).padStart(6)} ${metric}`),
    ]),
  ];
}

function kneeRows({ saturation, topologies }: ComparisonReport, row: (label: string, cells: readonly string[]) => string): string[] {
  const paths = PATHS.filter((path) => saturation.some((each) => each.path === path));
  if (paths.length === 0) return [];
  return [`highest rate that holds the objective${searchedOnce(saturation) ? ' (one search)' : ''}`, ...paths.map((path) => row(`  ${PATH_TITLES[path]}`, topologies.map(({ name }) => formatKnee(saturation.find((each) => each.topology === name && each.path === path)))))];
}

function pathRows(both: (label: string, of: (topology: TopologyReport) => string) => string, of: (topology: TopologyReport) => PathReport): string[] {
  const rows = [
    both('  throughput', (topology) => spread(of(topology).throughput, formatRate)),
    both('  p50', (topology) => spread(of(topology).p50Ms, formatMs)),
    both('  p99', (topology) => p99Cell(of(topology))),
    both('  errors', (topology) => String(of(topology).errors)),
  ];
  const cpu = (label: string, figure: (path: PathReport) => Figure | undefined): string => both(label, (topology) => spread(figure(of(topology)), formatMicros));
  return [...rows, cpu('  CPU per request, apps', (path) => path.cpuMicros?.total), cpu('  CPU per request, PostgreSQL', (path) => path.cpuMicros?.byBackend['PostgreSQL']), cpu('  CPU per request, both together', (path) => path.cpuMicros?.withBackends)].filter(
    (line) => !/CPU.*–\s+–$/.test(line),
  );
}

function p99Cell({ p99Ms }: PathReport): string {
  return p99Ms === null ? 'too few' : spread(p99Ms, formatMs);
}
