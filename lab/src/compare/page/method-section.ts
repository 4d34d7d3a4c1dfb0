import { html, NOTHING, type Html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import { PATH_TITLES } from '../metrics.ts';
import { PATHS, type ComparisonReport } from '../report-schema.ts';
import { formatMebibytes, formatPrice, formatRate, formatRoundMs, formatTime } from '../units.ts';
import { roundsTable, wordsOfRounds } from './rounds.ts';
import { behind, type Section } from './section.ts';

/** Everything a reader needs to judge the figures, or to measure them again. */
export function methodSection(report: ComparisonReport): Section {
  return {
    id: 'method',
    title: 'How it was measured',
    body: html`${renderTable({ label: 'How it was measured', columns: [{ title: 'what' }, { title: 'how' }], rows: [...environmentRows(report), ...methodRows(report)] })}
<p>${wordsOfRounds(report)}</p>
${report.rounds.length === 0 ? NOTHING : behind('Every window, valid or void', roundsTable(report), report.command)}
${commands(report)}
<p class="note">All figures, and each single value: <a href="compare.json">compare.json</a>.</p>`,
  };
}

function environmentRows({ environment, elapsedMs, measuredAt }: ComparisonReport): string[][] {
  return [
    ['Measured', `${formatTime(measuredAt)}, in ${(elapsedMs / 1000).toFixed(0)} s`],
    ['Machine', `${environment.cores} cores, ${environment.cpu}, ${formatMebibytes(environment.memoryBytes)}, ${environment.platform}`],
    ['Node', environment.labNode === undefined ? environment.node : `${environment.node} in the shop, ${environment.labNode} in the lab and its load generator`],
    ['PostgreSQL', `${environment.postgres}, ${environment.durability}`],
    ['Backends', `${environment.backends}: ${environment.backendParts}`],
    ['Tracing', environment.tracing],
    ['Logging', environment.logging],
    ['Processors', environment.pinning],
  ];
}

function methodRows({ settings, generatorCores }: ComparisonReport): string[][] {
  const { limits, objectives, prices } = settings;
  const windows = PATHS.flatMap((path) => {
    const window = settings.windows[path];
    return window === undefined ? [] : [`${PATH_TITLES[path]} ${formatRate(window.ratePerSecond)} for ${window.seconds} s`];
  });
  const goals = PATHS.flatMap((path) => {
    const p99Ms = objectives.p99Ms[path];
    return p99Ms === undefined ? [] : [`${PATH_TITLES[path]} p99 ${formatRoundMs(p99Ms)}`];
  });
  const generator = PATHS.filter((path) => generatorCores[path].n > 0).map((path) => `${PATH_TITLES[path]} ${generatorCores[path].median.toFixed(2)}`);
  return [
    ['Passes', `${settings.passes}, in the order A B B A (seed ${settings.seed})`],
    ['Windows', `${windows.join('; ')}; ${settings.customers} customers, brewing time × ${settings.brewTimeScale}`],
    ['A window is void', whenVoid(limits)],
    ...(goals.length === 0 ? [] : [['Objectives', `${goals.join('; ')}; errors at most ${objectives.errorShare * 100} %; a knee is found to ${objectives.tolerance * 100} %`]]),
    ['Load generator', `a process of its own, open loop, evenly paced, on connections that are open already; cores it used: ${generator.join('; ')}`],
    ['CPU time', settings.cpuSource],
    ['Prices', `${formatPrice(prices.vcpuHour, prices.currency)} for a core and hour, ${formatPrice(prices.gibHour, prices.currency)} for a GiB and hour: ${prices.source}`],
  ];
}

function whenVoid({ generatorCores, strangerCores, stealShare, repeats }: ComparisonReport['settings']['limits']): string {
  // A demo has limits that nothing passes.
  if (strangerCores >= Number.MAX_SAFE_INTEGER) return 'never: this form is for a first look';
  return `when the generator uses more than ${generatorCores} of a core, strangers more than ${strangerCores}, or the host takes more than ${stealShare * 100} %; it is measured again at most ${repeats} times`;
}

function commands({ command, commands: ofSections }: ComparisonReport): Html {
  const rows = Object.entries(ofSections).map(([section, text]) => [section, html`<code>${text}</code>`]);
  return renderTable({ label: 'Commands', columns: [{ title: 'measure again' }, { title: 'by' }], rows: [['everything', html`<code>${command}</code>`], ...rows] });
}
