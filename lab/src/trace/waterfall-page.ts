import { renderDocument } from '../page/document.ts';
import { html } from '../page/html.ts';
import { SERVICE_COLOR_STYLE } from './service-colors.ts';
import { renderTaxTables } from './tax-page.ts';
import type { BrewTrace } from './waterfall-text.ts';
import { WATERFALL_SCRIPT, WATERFALL_STYLE } from './waterfall-assets.ts';
import { renderWaterfalls } from './waterfalls.ts';

/** A page of its own, with nothing to fetch: where the time of one order went in each brew, in sum and span by span. */
export function renderWaterfallPage(traces: readonly BrewTrace[], orderIds: readonly string[]): string {
  return renderDocument({
    title: 'One order, traced',
    style: SERVICE_COLOR_STYLE + WATERFALL_STYLE,
    script: WATERFALL_SCRIPT,
    bodyClass: 'wide',
    body: html`<h1>One order, traced</h1>
<section><h2>Network tax</h2>
${renderTaxTables(traces)}</section>
<h2>Span by span</h2>
<p class="note">Lines of the same step light up together.</p>
${renderWaterfalls(traces, orderIds)}`,
  });
}
