import { html, type Html } from './html.ts';
import type { ComparisonReport } from './report-schema.ts';
import { FEWEST_FOR_P99 } from './statistics.ts';
import { formatMebibytes } from './units.ts';

/** Everything a reader needs to judge the figures, or to measure them again. */
export function measuredHow(report: ComparisonReport): Html {
  const { environment, settings, generatorCores } = report;
  const windows = Object.entries(report.topologies[0]?.paths ?? {}).map(([path, { ratePerSecond, seconds }]) => `${path} ${ratePerSecond}/s for ${seconds} s`);
  const rows: readonly (readonly [string, string])[] = [
    ['Command', report.command],
    ['Passes', `${settings.passes} (seed ${settings.seed})`],
    ['Each turn', `${windows.join(', ')}; ${settings.customers} customers, brewing time × ${settings.brewTimeScale}`],
    ['Took', `${(report.elapsedMs / 1000).toFixed(1)} s`],
    ['Node', environment.node],
    ['Machine', `${environment.cores} cores, ${environment.cpu}, ${formatMebibytes(environment.memoryBytes)}, ${environment.platform}`],
    ['PostgreSQL', `${environment.postgres}, ${environment.durability}`],
    ['Backends', environment.backendParts],
    ['Tracing', environment.tracing],
    ['Logging', environment.logging],
    ['CPU time', settings.cpuSource],
    ['Load generator', `a process of its own, ${Object.entries(generatorCores).map(([path, cores]) => `${path} ${cores.median.toFixed(2)}`).join(', ')} of one core`],
    ['Latency', `open loop, evenly paced, on connections that are open already; from the moment a request was due; no p99 of fewer than ${FEWEST_FOR_P99} answers`],
  ];
  return html`<section><h2>How it was measured</h2><div class="scroll"><table>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</table></div>
<p class="note">All figures, and each single value: <a href="compare.json">compare.json</a>.</p></section>`;
}
