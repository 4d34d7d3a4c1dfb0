import { renderDocument } from '../../page/document.ts';
import { html, NOTHING, type Html } from '../../page/html.ts';
import { SERVICE_COLOR_STYLE } from '../../trace/service-colors.ts';
import { WATERFALL_STYLE } from '../../trace/waterfall-assets.ts';
import type { ComparisonReport } from '../report-schema.ts';
import { formatTime } from '../units.ts';
import { blastRadiusSection } from './blast-radius-section.ts';
import { brewsOf } from './brews.ts';
import { changesSection } from './changes-section.ts';
import { choiceSection } from './choice-section.ts';
import { cpuSection } from './cpu-section.ts';
import { dialSection } from './dial-section.ts';
import { isolationSection } from './isolation-section.ts';
import { latencySection } from './latency-section.ts';
import { listOf } from './list-of.ts';
import { memorySection } from './memory-section.ts';
import { methodSection } from './method-section.ts';
import { priceSection } from './price-section.ts';
import { REPORT_STYLE } from './report-style.ts';
import { saturationSection } from './saturation-section.ts';
import { scalingSection } from './scaling-section.ts';
import { renderSection, type Section } from './section.ts';
import { sinceSection } from './since-section.ts';
import { startSection } from './start-section.ts';
import { taxesSection } from './taxes-section.ts';
import { traceSection } from './trace-section.ts';
import { verdictSection } from './verdict-section.ts';
import { weightSection } from './weight-section.ts';

/** In the order they are read; each that was not measured is left out. */
const SECTIONS: readonly ((report: ComparisonReport) => Section | undefined)[] = [
  verdictSection, saturationSection, cpuSection, latencySection, memorySection, startSection, weightSection, taxesSection, dialSection,
  blastRadiusSection, isolationSection, scalingSection, changesSection, choiceSection, priceSection, sinceSection, traceSection, methodSection,
];

/** The comparison as one HTML page that needs nothing else, not even a script. */
export function renderReportPage(report: ComparisonReport): string {
  const sections = SECTIONS.map((section) => section(report)).filter((section) => section !== undefined);
  const title = `Doubleshot: ${listOf(report.topologies.map(({ name }) => name))} compared`;
  return renderDocument({ title, style: REPORT_STYLE + SERVICE_COLOR_STYLE + WATERFALL_STYLE, body: html`<header><h1>${title}</h1>${head(report)}</header>
${contents(sections)}
<main>${sections.map(renderSection)}</main>` });
}

function head(report: ComparisonReport): Html {
  const { partial, measuredAt, form, elapsedMs, environment, command } = report;
  return html`${partial === undefined ? NOTHING : html`<p class="partial"><strong>This report is not whole:</strong> ${partial.reason}. What is in it holds. Missing: ${partial.missing.join(', ')}.</p>`}
<p class="note">Measured ${formatTime(measuredAt)} (${form} form, ${(elapsedMs / 1000).toFixed(0)} s) on ${environment.cores} cores with Node ${environment.node}, backends ${environment.backends}. Measure again: <code>${command}</code></p>
<ul class="key">${brewsOf(report).map(({ name, label, tone }, index) => html`<li class="${tone}"><span class="accent">${label}</span>${label === name ? '' : ` ${name}`}: ${processesOf(report, index)}</li>`)}</ul>`;
}

function processesOf({ topologies }: ComparisonReport, index: number): string {
  const processes = topologies[index]?.processes ?? [];
  return processes.map(({ name, modules }) => (modules.length === 1 && modules[0] === name ? name : `${name} (${modules.join(', ')})`)).join(' · ');
}

function contents(sections: readonly Section[]): Html {
  return html`<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}
