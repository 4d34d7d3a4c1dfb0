import { html, NOTHING, type Html } from '../../page/html.ts';
import type { Price } from '../section-schemas.ts';
import { isClear, NOISE_SHARE, times } from '../verdict.ts';
import { ratioScale, renderRatioStrip, renderRatioTicks } from './charts/ratio-strip.ts';

/** What a step costs, as ratios on one scale with their intervals. */
export function renderPrices(prices: readonly Price[]): Html {
  if (prices.length === 0) return NOTHING;
  const scale = ratioScale(prices.map(({ ratio }) => ratio));
  return html`<ul class="forest"><li class="forest-scale"><span></span>${renderRatioTicks(scale)}<span></span></li>
${prices.map(({ metric, ratio }) => html`<li><span>${metric}</span>${renderRatioStrip(ratio, { scale, noise: NOISE_SHARE, tone: 'brew-none' })}<span class="forest-value"><strong>${times(ratio.estimate)}</strong> ${times(ratio.low)} to ${times(ratio.high)}, n = ${ratio.pairs.length}${isClear(ratio) ? '' : html`<br><small>not clear of the noise</small>`}</span></li>
`)}</ul>`;
}
