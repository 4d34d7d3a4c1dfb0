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

const LABEL = 'One busy module, and the others';

/** What a busy module does to a path it has no part in. */
export function isolationSection(report: ComparisonReport): Section | undefined {
  const rows = report.isolation?.rows ?? [];
  if (rows.length === 0) return undefined;
  const scale = ratioScale(rows.map(({ ratio }) => ratio));
  const situations = [...Map.groupBy(rows, ({ module, disturbance, observedPath, ratePerSecond }) => `p99 of ${titleOfPath(observedPath)} at ${formatRate(ratePerSecond)}, with ${module}: ${disturbance}, as a multiple of without`)];
  return {
    id: 'isolation',
    title: LABEL,
    body: html`<p>One module computes half of the time, in whatever process holds it; the path that is observed has no part of it. Windows with and without lie side by side.</p>
${situations.map(([title, ofSituation]) => html`<h3>${title}</h3><ul class="forest"><li class="forest-scale"><span></span>${renderRatioTicks(scale)}<span></span></li>
${ofSituation.map((row) => html`<li><span>${row.topology}</span>${renderRatioStrip(row.ratio, { scale, noise: NOISE_SHARE, tone: toneOfName(report, row.topology) })}${valueOf(row)}</li>`)}</ul>`)}
${figuresBehind(LABEL, rows.flatMap(rowsOf), commandOf(report, 'isolation'))}`,
  };
}

function valueOf({ ratio, p99Ms: { alone, beside } }: Row): Html {
  return html`<span class="forest-value"><strong>${times(ratio.estimate)}</strong> ${times(ratio.low)} to ${times(ratio.high)}, n = ${ratio.pairs.length}<br><small>${formatMs(alone.median)} alone, ${formatMs(beside.median)} beside</small></span>`;
}

function rowsOf({ topology: brew, module, observedPath, p99Ms: { alone, beside } }: Row): FigureRow[] {
  const what = `p99 of ${titleOfPath(observedPath)}`;
  return [
    { what: `${what} alone`, brew, figure: alone, format: formatMs },
    { what: `${what} beside busy ${module}`, brew, figure: beside, format: formatMs },
  ];
}
