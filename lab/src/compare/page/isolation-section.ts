import { html, type Html } from '../../page/html.ts';
import type { ComparisonReport } from '../report-schema.ts';
import type { Isolation } from '../section-schemas.ts';
import { formatMs, formatRate } from '../units.ts';
import { NOISE_SHARE, times } from '../verdict.ts';
import { toneOfName } from './brews.ts';
import { ratioScale, renderRatioStrip, renderRatioTicks } from './charts/ratio-strip.ts';
import { commandOf, figuresBehind, type FigureRow, type Section } from './section.ts';
import { titleOfPath } from './title-of-path.ts';

type Row = Isolation['rows'][number];

/** What much work on one path does to another. */
export function isolationSection(report: ComparisonReport): Section | undefined {
  const rows = report.isolation?.rows ?? [];
  if (rows.length === 0) return undefined;
  const scale = ratioScale(rows.map(({ ratio }) => ratio));
  const situations = [...Map.groupBy(rows, ({ loadedPath, loadPerSecond, observedPath }) => `p99 of ${titleOfPath(observedPath)} beside ${formatRate(loadPerSecond)} of ${titleOfPath(loadedPath)}, as a multiple of alone`)];
  return {
    id: 'isolation',
    title: 'Much work on one path, and the others',
    body: html`${situations.map(([title, ofSituation]) => html`<h3>${title}</h3><ul class="forest"><li class="forest-scale"><span></span>${renderRatioTicks(scale)}<span></span></li>
${ofSituation.map((row) => html`<li><span>${row.topology}</span>${renderRatioStrip(row.ratio, { scale, noise: NOISE_SHARE, tone: toneOfName(report, row.topology) })}${valueOf(row)}</li>`)}</ul>`)}
${figuresBehind('Much work on one path, and the others', rows.flatMap(rowsOf), commandOf(report, 'isolation'))}`,
  };
}

function valueOf({ ratio, p99Ms: { alone, beside } }: Row): Html {
  return html`<span class="forest-value"><strong>${times(ratio.estimate)}</strong> ${times(ratio.low)} to ${times(ratio.high)}, n = ${ratio.pairs.length}<br><small>${formatMs(alone.median)} alone, ${formatMs(beside.median)} beside</small></span>`;
}

function rowsOf({ topology: brew, loadedPath, observedPath, p99Ms: { alone, beside } }: Row): FigureRow[] {
  const what = `p99 of ${titleOfPath(observedPath)}`;
  return [
    { what: `${what} alone`, brew, figure: alone, format: formatMs },
    { what: `${what} beside ${titleOfPath(loadedPath)}`, brew, figure: beside, format: formatMs },
  ];
}
