import { html, type Html } from '../../../page/html.ts';
import type { Ratio } from '../../statistics.ts';
import { times } from '../../verdict.ts';

/** Ratios on one scale, as far below 1 as above it. */
export interface RatioScale {
  /** Where a ratio lies, 0 to 100; what is off the scale at its end. */
  percent: (ratio: number) => number;
  ticks: readonly number[];
}

const NARROWEST = 1.5;
const WIDEST = 16;
const TICKS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16] as const;
const MIDDLE = 50;
const FEWEST_TICKS = 3;
const CLOSE_TICKS = [1 / 1.5, 1 / 1.25, 1, 1.25, 1.5] as const;

export function ratioScale(ratios: readonly Ratio[]): RatioScale {
  const farthest = Math.max(...ratios.flatMap(({ low, high }) => [high, 1 / low]).filter(Number.isFinite), NARROWEST);
  const end = Math.log(Math.min(farthest, WIDEST) * 1.05);
  const inside = TICKS.filter((tick) => Math.abs(Math.log(tick)) < end);
  return {
    percent: (ratio) => MIDDLE + MIDDLE * Math.max(-1, Math.min(1, Math.log(ratio) / end)),
    ticks: inside.length < FEWEST_TICKS ? CLOSE_TICKS : inside,
  };
}

/** The ratio as a dot, its interval as a line, what counts as noise as a band. */
export function renderRatioStrip({ low, estimate, high }: Ratio, { scale, noise, tone }: { scale: RatioScale; noise: number; tone: string }): Html {
  const at = (ratio: number): string => `${scale.percent(ratio).toFixed(2)}%`;
  return html`<svg class="strip" width="100%" aria-hidden="true">${band(scale, noise)}
<g class="${tone}"><line class="interval" x1="${at(low)}" x2="${at(high)}" y1="50%" y2="50%"/><circle class="dot" cx="${at(estimate)}" cy="50%" r="4.5"/></g></svg>`;
}

/** The scale above the strips. */
export function renderRatioTicks(scale: RatioScale): Html {
  return html`<svg class="strip" width="100%" aria-hidden="true">
${scale.ticks.map((tick) => html`<text x="${scale.percent(tick).toFixed(2)}%" y="50%" dy=".35em" text-anchor="middle">${tickText(tick)}</text>`)}</svg>`;
}

function band(scale: RatioScale, noise: number): Html {
  const from = scale.percent(1 / (1 + noise));
  return html`<rect class="noise" x="${from.toFixed(2)}%" width="${(2 * (MIDDLE - from)).toFixed(2)}%" height="100%"/><line class="one" x1="50%" x2="50%" y1="0" y2="100%"/>`;
}

function tickText(tick: number): string {
  return Number.isInteger(tick) ? `${tick}×` : Number.isInteger(1 / tick) ? `1/${1 / tick}` : times(tick);
}
