import { html, type Html } from '../page/html.ts';
import type { Span } from '../receivers/span.ts';
import { alignTraces, type WaterfallRow } from './align-traces.ts';
import { describeLost } from './lost-spans.ts';
import { spansOnPath } from './network-tax.ts';
import { colorOf, renderLegend } from './service-colors.ts';
import { extentOf, servicesOf } from './span-names.ts';
import type { BrewTrace } from './waterfall-text.ts';

/** A waterfall for each brew side by side, attributes behind each line. Needs the styles of waterfall-assets.ts and service-colors.ts, and no script. */
export function renderWaterfalls(traces: readonly BrewTrace[], orderIds: readonly string[]): Html {
  const rows = alignTraces(traces.map((trace) => trace.spans));
  const services = [...new Set(traces.flatMap((trace) => servicesOf(trace.spans)))];
  return html`<p class="note">Each line is a span: its bar lies where its time was spent. Those on the critical path to the e-mail are marked. Select one to see its attributes.</p>
${renderLegend(services)}
<p><label><input type="checkbox" id="database"> show database statements</label></p>
<div class="brews">${traces.map((trace, index) => waterfall(trace, { rows, index, orderId: orderIds[index] ?? '' }))}</div>`;
}

function waterfall(trace: BrewTrace, { rows, index, orderId }: { rows: readonly WaterfallRow[]; index: number; orderId: string }): Html {
  const extent = extentOf(trace.spans);
  const onPath = spansOnPath(trace.spans);
  const lines = rows.flatMap((row, step) => {
    const span = row.spans[index];
    return span === undefined ? [] : [line(span, { row, step, extent, pathMs: onPath.get(span) })];
  });
  return html`<section class="brew"><h3>${trace.title}</h3>
<p class="note">${trace.spans.length} spans, ${extent.durationMs.toFixed(0)} ms, ${servicesOf(trace.spans).join(', ')}${describeLost(trace.lost)}<br>order <code>${orderId}</code><br>trace <code>${trace.spans[0]?.traceId ?? ''}</code></p>
${lines}</section>`;
}

interface LineOptions {
  row: WaterfallRow;
  step: number;
  extent: { startMs: number; durationMs: number };
  /** Milliseconds of the critical path that are the span's own. */
  pathMs: number | undefined;
}

function line(span: Span, { row, step, extent, pathMs }: LineOptions): Html {
  const share = (value: number): string => ((value / Math.max(extent.durationMs, Number.MIN_VALUE)) * 100).toFixed(3);
  const start = span.startMs - extent.startMs;
  const title = `${span.service}: ${span.name}, starts at ${start.toFixed(1)} ms, takes ${span.durationMs.toFixed(1)} ms`;
  return html`<details class="span ${row.kind}${span.failed ? ' failed' : ''}${pathMs === undefined ? '' : ' critical'}" data-step="${step}"><summary title="${title}">
<span class="name" style="padding-left:min(${(row.depth * 0.6).toFixed(1)}rem,${row.depth}vw)">${row.label}</span><span class="numbers">${start.toFixed(1)} + ${span.durationMs.toFixed(1)} ms</span>
<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="${colorOf(span.service)}" x="${share(start)}" width="${Math.max(0.3, Number(share(span.durationMs)))}" height="4"/></svg></summary>
<dl>${attributes(span, pathMs).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></details>`;
}

function attributes(span: Span, pathMs: number | undefined): [string, string][] {
  const own = Object.entries(span.attributes).map(([name, value]): [string, string] => [name, Array.isArray(value) ? value.join(', ') : String(value)]);
  return [['service', span.service], ['kind', span.kind], ['span', span.spanId], ...(pathMs === undefined ? [] : [['own time on the critical path', `${pathMs.toFixed(2)} ms`] as [string, string]]), ...own];
}
