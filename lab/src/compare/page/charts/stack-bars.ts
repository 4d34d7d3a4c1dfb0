import { html, NOTHING, type Html } from '../../../page/html.ts';
import { spread } from '../../units.ts';
import type { Figure } from '../../statistics.ts';

/** One bar: its parts lie end to end. */
export interface StackBar {
  label: string;
  tone: string;
  total: Figure;
  parts: readonly BarPart[];
}

export interface BarPart {
  name: string;
  value: number;
  /** What is not the brew's own has no accent. */
  kind: 'process' | 'backend';
}

const FULL = 100;
/** Of a phone, so that a name that is shown fits everywhere. */
const NARROWEST = 290;
const LETTER = 7;
const SHADES = 4;

/** Bars on one scale, each with its median, spread and n, and what it is made of in words. */
export function renderStackBars(bars: readonly StackBar[], format: (value: number) => string): Html {
  const measured = bars.filter(({ total }) => total.n > 0);
  const scale = Math.max(...measured.map(({ total }) => total.max), Number.MIN_VALUE);
  return html`<div class="bars">${measured.map((bar) => renderBar(bar, scale, format))}</div>`;
}

function renderBar({ label, tone, total, parts }: StackBar, scale: number, format: (value: number) => string): Html {
  let at = 0;
  const percent = (value: number): string => `${((value / scale) * FULL).toFixed(2)}%`;
  const shown = parts.filter(({ value }) => value > 0);
  const counted = { process: 0, backend: 0 };
  const rectangles = shown.map(({ name, value, kind }) => {
    const shade = `${kind} shade-${counted[kind]++ % SHADES}`;
    const start = at;
    at += value;
    return html`<svg x="${percent(start)}" width="${percent(value)}"><rect class="${shade}" width="100%" height="22"/>${nameInside(name, value / scale, shade)}</svg>`;
  });
  return html`<div class="bar ${tone}"><div class="bar-label"><span>${label}</span><span class="bar-value">${spread(total, format)} <small>n = ${total.n}</small></span></div>
<svg class="stack" width="100%" height="22" role="img" aria-label="${label}: ${spread(total, format)}">${rectangles}<line class="range" x1="${percent(total.min)}" x2="${percent(total.max)}" y1="11" y2="11"/></svg>
${shown.length < 2 ? NOTHING : html`<p class="parts">${shown.map(({ name, value }) => `${name} ${format(value)}`).join(' · ')}</p>`}</div>`;
}

function nameInside(name: string, share: number, shade: string): Html {
  return name.length * LETTER + 12 > share * NARROWEST ? NOTHING : html`<text class="${shade}" x="6" y="15">${name}</text>`;
}
