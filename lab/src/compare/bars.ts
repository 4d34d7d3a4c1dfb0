import { spread } from './comparison-table.ts';
import { html, type Html } from './html.ts';
import type { Figure } from './statistics.ts';

/** One bar: its parts lie end to end. */
export interface Bar {
  label: string;
  total: Figure;
  parts: readonly { name: string; value: number }[];
}

const WIDTH = 1000;
const HEIGHT = 26;
const FULL = 100;

/** Bars on one scale, each with its median, spread and n in words. Drawn as SVG that stretches with the page. */
export function renderBars(bars: readonly Bar[], format: (value: number) => string): Html {
  const scale = Math.max(...bars.map(({ total }) => total.max), Number.MIN_VALUE);
  return html`<div class="bars">${bars.map((bar) => renderBar(bar, scale, format))}</div>`;
}

function renderBar({ label, total, parts }: Bar, scale: number, format: (value: number) => string): Html {
  let at = 0;
  const rectangles = parts.map(({ name, value }) => {
    const width = (value / scale) * WIDTH;
    const rectangle = html`<rect class="part ${colorOf(name)}" x="${at.toFixed(1)}" y="0" width="${Math.max(0, width).toFixed(1)}" height="${HEIGHT}"><title>${name}: ${format(value)}</title></rect>`;
    at += width;
    return rectangle;
  });
  const [from, to] = [(total.min / scale) * WIDTH, (total.max / scale) * WIDTH];
  return html`<div class="bar"><div class="bar-label"><span>${label}</span><span>${spread(total, format)} <small>n = ${total.n}</small></span></div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}: ${spread(total, format)}">${rectangles}<line class="range" x1="${from.toFixed(1)}" x2="${to.toFixed(1)}" y1="${HEIGHT / 2}" y2="${HEIGHT / 2}"/></svg></div>`;
}

/** Which color a process has in every chart. */
export function colorOf(name: string): string {
  const known = ['monolith', 'gateway', 'auth', 'orders', 'notifications'];
  const index = known.indexOf(name);
  return index >= 0 ? `color-${index}` : `color-${known.length + (name.length % 3)}`;
}

export function renderLegend(names: readonly string[]): Html {
  return html`<ul class="legend">${names.map((name) => html`<li><svg viewBox="0 0 ${FULL} ${FULL}" aria-hidden="true"><rect class="part ${colorOf(name)}" width="${FULL}" height="${FULL}"/></svg>${name}</li>`)}</ul>`;
}
