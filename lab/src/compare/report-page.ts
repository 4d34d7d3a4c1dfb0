import { renderBars, renderLegend, type Bar } from './bars.ts';
import { html, type Html } from './html.ts';
import { PATH_TITLES } from './metrics.ts';
import { measuredHow } from './report-page-details.ts';
import { PATHS, type ComparisonReport, type PathName, type TopologyReport } from './report-schema.ts';
import { REPORT_STYLE } from './report-style.ts';
import type { Figure } from './statistics.ts';
import { formatMebibytes, formatMicros, formatMs } from './units.ts';

/** The comparison as one HTML page that needs nothing else. With `hasTrace` it shows the trace page that lies beside it. */
export function renderReportPage(report: ComparisonReport, options: { hasTrace: boolean }): string {
  const [first, second] = report.topologies.map(({ name }) => name);
  const title = `Doubleshot: ${first ?? ''} and ${second ?? ''} compared`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${{ markup: REPORT_STYLE }}</style></head><body>
<h1>${title}</h1>
<p class="note">Measured ${report.measuredAt} on ${report.environment.cores} cores with Node ${report.environment.node}. Measure again: <code>${report.command}</code></p>
${verdictSection(report)}
${cpuSection(report)}
${latencySection(report)}
${memorySection(report)}
${startSection(report)}
${options.hasTrace ? traceSection() : html``}
${measuredHow(report)}
</body></html>
`;
  return page.markup;
}

function verdictSection({ verdicts, warnings }: ComparisonReport): Html {
  const decided = verdicts.filter(({ winner }) => winner !== undefined);
  const open = verdicts.filter(({ winner }) => winner === undefined);
  const list = (items: readonly { sentence: string }[]): Html => html`<ul>${items.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul>`;
  return html`<section><h2>Verdict</h2>${decided.length === 0 ? html`<p>No brew can be named a winner.</p>` : list(decided)}
${open.length === 0 ? html`` : html`<h3>No winner</h3>${list(open)}`}
${warnings.map((warning) => html`<p><strong>Mind:</strong> ${warning}</p>`)}
<p class="note">Less is better everywhere. In brackets: the range that the single turns allow. A brew is named only from four turns each on, and if that whole range lies more than 10 % off.</p></section>`;
}

function cpuSection({ topologies }: ComparisonReport): Html {
  const names = [...new Set(topologies.flatMap(({ processes }) => processes.map(({ name }) => name)))];
  const paths = PATHS.filter((path) => topologies.every((topology) => topology.paths[path].cpuMicros !== undefined));
  const bar = (topology: TopologyReport, path: PathName): Bar => {
    const cpu = topology.paths[path].cpuMicros;
    const parts = Object.entries(cpu?.byProcess ?? {}).map(([name, { median }]) => ({ name, value: median }));
    return { label: topology.name, total: cpu?.total ?? NONE, parts };
  };
  return html`<section><h2>CPU time for each request</h2>${renderLegend(names)}
${paths.map((path) => html`<h3>${PATH_TITLES[path]}</h3>${renderBars(topologies.map((topology) => bar(topology, path)), formatMicros)}${backendNote(topologies, path)}`)}
<p class="note">Of the processes of the shop alone; the line in each bar spans the single turns.</p></section>`;
}

function backendNote(topologies: readonly TopologyReport[], path: PathName): Html {
  const each = topologies.map((topology) => `${topology.name} ${formatMicros(topology.paths[path].cpuMicros?.byBackend['PostgreSQL']?.median ?? 0)}`);
  const together = topologies.map((topology) => `${topology.name} ${formatMicros(topology.paths[path].cpuMicros?.withBackends.median ?? 0)}`);
  return html`<p class="note">PostgreSQL besides: ${each.join(', ')}. Apps and PostgreSQL together: ${together.join(', ')}.</p>`;
}

function latencySection({ topologies }: ComparisonReport): Html {
  const bars = (path: PathName): Bar[] =>
    topologies.flatMap(({ name, paths }) => [plain(`${name} p50`, paths[path].p50Ms, name), ...p99Bar(name, paths[path].p99Ms)]);
  const errors = (path: PathName): string => topologies.map(({ name, paths }) => `${name} ${paths[path].errors} of ${paths[path].requests}`).join(', ');
  const rate = (path: PathName): string => topologies.map(({ paths }) => paths[path].throughput.median.toFixed(1)).join(' and ');
  return html`<section><h2>Latency at the same rate</h2>
${PATHS.map((path) => html`<h3>${PATH_TITLES[path]}, ${topologies[0]?.paths[path].ratePerSecond ?? 0} each second</h3>${renderBars(bars(path), formatMs)}<p class="note">Done each second: ${rate(path)}. Errors: ${errors(path)}.</p>`)}
</section>`;
}

function p99Bar(name: string, figure: Figure | null): Bar[] {
  return figure === null ? [] : [plain(`${name} p99`, figure, name)];
}

function memorySection({ topologies }: ComparisonReport): Html {
  const bar = (topology: TopologyReport, when: 'idle' | 'load'): Bar => {
    const of = (process: TopologyReport['processes'][number]): Figure => (when === 'idle' ? process.idleRssBytes : process.loadRssBytes);
    return {
      label: `${topology.name}, ${when === 'idle' ? 'before load' : 'under load'}`,
      total: when === 'idle' ? topology.idleRssBytes : topology.loadRssBytes,
      parts: topology.processes.map((process) => ({ name: process.name, value: of(process).median })),
    };
  };
  return html`<section><h2>Memory</h2>${renderBars(topologies.flatMap((topology) => [bar(topology, 'idle'), bar(topology, 'load')]), formatMebibytes)}
<p class="note">Resident memory of all processes of the shop, PostgreSQL left out. Memory that processes share is counted in each.</p></section>`;
}

function startSection({ topologies }: ComparisonReport): Html {
  return html`<section><h2>Time to start</h2>${renderBars(topologies.map(({ name, startupMs }) => plain(name, startupMs, name)), formatMs)}
<p class="note">From a start on a database that is set up until the last program is ready; all of a brew start at once, the other brew rests.</p></section>`;
}

function traceSection(): Html {
  return html`<section><h2>One order, traced through both</h2><p><a href="trace.html">Open the trace on a page of its own</a></p><iframe src="trace.html" title="One order traced through both brews" loading="lazy"></iframe></section>`;
}

function plain(label: string, total: Figure, color: string): Bar {
  return { label, total, parts: [{ name: color, value: total.median }] };
}

const NONE: Figure = { n: 0, median: 0, min: 0, max: 0, values: [] };
