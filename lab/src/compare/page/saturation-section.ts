import { html, NOTHING, type Html } from '../../page/html.ts';
import { renderTable } from '../../page/table.ts';
import { PATH_TITLES } from '../metrics.ts';
import { PATHS, type ComparisonReport } from '../report-schema.ts';
import type { ConcurrencyPoint, Knee, Probe, Saturation } from '../saturation-schema.ts';
import { formatMs, formatRate, formatRoundMs, spread } from '../units.ts';
import type { Brew } from './brews.ts';
import { drivenOn, type Driven } from './driven.ts';
import { concurrencyChart, latencyChart, throughputChart } from './saturation-charts.ts';
import { behind, commandOf, type Section } from './section.ts';

export function saturationSection(report: ComparisonReport): Section | undefined {
  if (report.saturation.length === 0) return undefined;
  const paths = PATHS.map((path) => ({ path, driven: drivenOn(report, path) })).filter(({ driven }) => driven.length > 0);
  return {
    id: 'saturation',
    title: 'How much each bears',
    body: html`<p>The knee is the highest rate that still holds the objective. Requests are due at a fixed rate, whatever the answers do (open loop); on the right each asks again as soon as it is answered (closed loop), with Gunther's Universal Scalability Law through the points. Void windows say nothing of a brew: they are in the tables alone.</p>
${paths.map(({ path, driven }) => html`<h3>${PATH_TITLES[path]}</h3>
<p>Objective: ${objectivesOf(driven)}</p>
<ul class="knees">${driven.map(({ brew, saturation }) => html`<li class="${brew.tone}"><span class="accent">${brew.name}</span> ${wordsOfKnee(saturation)}</li>`)}</ul>
<div class="charts">${throughputChart(driven)}${latencyChart(driven)}${concurrencyChart(driven)}</div>
${fitWords(driven)}
${behind('Every rate and concurrency tried', tables(driven), commandOf(report, 'saturation'))}`)}`,
  };
}

function objectivesOf(driven: readonly Driven[]): string {
  const objectives = driven.map(({ saturation: { objective } }) => `p99 of at most ${formatRoundMs(objective.p99Ms)}, at most ${percent(objective.errorShare)} errors`);
  return `${[...new Set(objectives)].join('; ')}.`;
}

const NOT_FOUND: Readonly<Record<Knee['found'], string>> = { between: '', below: '', above: '', generator: ': the generator came to its limit first', disturbed: ': of the next, no window counts' };
const BEYOND: Readonly<Record<Knee['found'], string>> = {
  between: '',
  below: '',
  above: ' It was the highest rate tried: it may bear more.',
  generator: ' Beyond, the generator was the limit: it may bear more.',
  disturbed: ' Of the rate tried next, no window counts: it may bear more.',
};

function wordsOfKnee({ knee, probes }: Saturation): string {
  const { ratePerSecond, found, failedAtRatePerSecond, searches } = knee;
  const tried = wordsOfTries(probes, searches?.each.length ?? 1);
  if (ratePerSecond === null) return `held it at no rate tried${NOT_FOUND[found]}; ${tried}.`;
  const failed = failedAtRatePerSecond === null ? '' : ` (not ${formatRate(failedAtRatePerSecond)})`;
  const range = searches === undefined || searches.rates.n === 0 ? '' : `, from ${formatRate(searches.rates.min)} to ${formatRate(searches.rates.max)} (n = ${searches.rates.n})`;
  return `held it up to ${formatRate(ratePerSecond)}${failed}${range}; ${tried}.${BEYOND[found]}${wordsOfHalf(knee)}`;
}

/** A rate that failed is tried twice, and later searches try the rates of earlier ones. */
function wordsOfTries(probes: readonly Probe[], searches: number): string {
  const rates = new Set(probes.map(({ ratePerSecond }) => ratePerSecond)).size;
  const voids = probes.filter((probe) => probe.void !== undefined).length;
  return `${counted(searches, 'search', 'searches')}, ${counted(probes.length, 'window', 'windows')} at ${counted(rates, 'rate', 'rates')}${voids === 0 ? '' : `, ${voids} of them void`}`;
}

function wordsOfHalf({ atHalf }: Knee): string {
  if (atHalf === null) return ' At half of it no window counts.';
  const { p50Ms, p99Ms, windows } = atHalf;
  const p99 = windows === undefined || windows.p99Ms === null ? formatP99(p99Ms) : spread(windows.p99Ms, formatMs);
  return ` At half of it: p50 ${windows === undefined ? formatMs(p50Ms) : spread(windows.p50Ms, formatMs)}, p99 ${p99} (n = ${counted(windows?.p50Ms.n ?? 1, 'window', 'windows')}).`;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function fitWords(driven: readonly Driven[]): Html {
  const sentences = driven.flatMap(({ saturation }) => saturation.closedLoop?.fit?.sentence ?? []);
  return sentences.length === 0 ? NOTHING : html`<p class="note">${sentences.join(' ')}</p>`;
}

function tables(driven: readonly Driven[]): Html {
  return html`${driven.map(({ brew, saturation: { probes, closedLoop } }) => html`${probeTable(brew, probes)}${closedLoop === undefined ? NOTHING : pointTable(brew, closedLoop.points)}`)}`;
}

function probeTable({ name }: Brew, probes: readonly Probe[]): Html {
  const columns = ['done', 'p50', 'p99', 'errors', 'dropped', 'backlog grows', 'generator'].map((title) => ({ title, number: true }));
  return html`<h4>${name}: fixed rates</h4>${renderTable({
    label: `${name}: fixed rates`,
    columns: [{ title: 'asked for' }, ...columns, { title: 'held' }],
    rows: [...probes].sort((a, b) => a.ratePerSecond - b.ratePerSecond).map((probe) => [
      formatRate(probe.ratePerSecond), formatRate(probe.throughput), formatMs(probe.p50Ms), formatP99(probe.p99Ms), percent(probe.errorShare), probe.dropped, percent(probe.backlogGrowth),
      `${probe.generatorCores.toFixed(2)} cores`, wordsOfProbe(probe),
    ]),
  })}`;
}

function wordsOfProbe({ holds, broke, void: reason }: Probe): string {
  if (holds === null) return `void: ${reason ?? ''}`;
  return holds ? 'yes' : `no: ${broke ?? ''}`;
}

function pointTable({ name }: Brew, points: readonly ConcurrencyPoint[]): Html {
  return html`<h4>${name}: so many at once</h4>${renderTable({
    label: `${name}: so many at once`,
    columns: [{ title: 'at once' }, ...['done', 'p50', 'p99', 'errors', 'generator'].map((title) => ({ title, number: true })), { title: 'void because' }],
    rows: points.map((point) => [point.concurrency, formatRate(point.throughput), formatMs(point.p50Ms), formatP99(point.p99Ms), point.errors, `${point.generatorCores.toFixed(2)} cores`, point.void ?? '']),
  })}`;
}

function formatP99(ms: number | null): string {
  return ms === null ? 'too few' : formatMs(ms);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
