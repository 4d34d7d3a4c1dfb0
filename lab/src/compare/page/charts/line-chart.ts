import { html, NOTHING, type Html } from '../../../page/html.ts';
import type { Brew } from '../brews.ts';
import type { Axis } from './axis.ts';
import { placeLabels, type Label } from './place-labels.ts';

export type Point = readonly [x: number, y: number];

/** At the line itself, instead of a legend. */
export interface LineLabel {
  text: string;
  at: Point;
  side: 'above' | 'left' | 'right';
}

/** One line of a chart. */
export interface Line {
  brew: Brew;
  points: readonly Point[];
  /** Dashes for the second quantity of a brew. */
  look: 'points' | 'only-points' | 'dashed' | 'plain';
  label?: LineLabel;
}

/** Something that is marked across the whole chart. */
export interface Mark {
  x?: number;
  y?: number;
  label: string;
  tone: string;
}

export interface LineChart {
  title: string;
  /** What it shows, for those who do not see it. */
  summary: string;
  x: Side;
  y: Side;
  lines: readonly Line[];
  marks?: readonly Mark[];
}

interface Side {
  axis: Axis;
  title: string;
  format: (value: number) => string;
}

/** A phone is about as wide: there a chart keeps its size, and three stand side by side elsewhere. */
const WIDTH = 350;
const HEIGHT = 236;
const LEFT = 50;
const RIGHT = 340;
const TOP = 26;
const BOTTOM = 196;
const MARK_RADIUS = 3.2;
/** Between a label and its point. */
const GAP = 7;

/** A chart of lines as SVG: it needs no script and prints as sharply as text. */
export function renderLineChart(chart: LineChart): Html {
  const place = placeOf(chart);
  const labels = placeLabels(labelsOf(chart, place), { left: LEFT, right: RIGHT, top: TOP });
  return html`<figure class="chart"><figcaption>${chart.title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${chart.title}: ${chart.summary}">
${grid(chart, place)}
${(chart.marks ?? []).map((mark) => renderMark(mark, place))}
${chart.lines.map((line) => renderLine(line, place))}
${labels.map(({ text, x, y, anchor, tone }) => html`<text class="label ${tone}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${text}</text>`)}
</svg></figure>`;
}

interface Place {
  x: (value: number) => number;
  y: (value: number) => number;
}

function placeOf({ x, y }: LineChart): Place {
  return { x: (value) => LEFT + x.axis.at(value) * (RIGHT - LEFT), y: (value) => BOTTOM - y.axis.at(value) * (BOTTOM - TOP) };
}

function grid({ x, y }: LineChart, place: Place): Html {
  const rows = y.axis.ticks.map((tick) => ({ at: round(place.y(tick)), text: y.format(tick) }));
  const columns = x.axis.ticks.map((tick) => ({ at: round(place.x(tick)), text: x.format(tick) }));
  return html`<g class="grid">${rows.map(({ at }) => html`<line x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}"/>`)}</g>
<g class="ticks">${rows.map(({ at, text }) => html`<text x="${LEFT - 6}" y="${at}" dy=".35em" text-anchor="end">${text}</text>`)}
${columns.map(({ at, text }) => html`<line x1="${at}" x2="${at}" y1="${BOTTOM}" y2="${BOTTOM + 4}"/><text x="${at}" y="${BOTTOM + 17}" text-anchor="middle">${text}</text>`)}
<text x="2" y="11">${y.title}</text><text x="${RIGHT}" y="${HEIGHT - 4}" text-anchor="end">${x.title}</text></g>`;
}

function renderMark({ x, y, tone }: Mark, place: Place): Html {
  if (x !== undefined) return html`<line class="mark ${tone}" x1="${round(place.x(x))}" x2="${round(place.x(x))}" y1="${TOP}" y2="${BOTTOM}"/>`;
  return y === undefined ? NOTHING : html`<line class="mark ${tone}" x1="${LEFT}" x2="${RIGHT}" y1="${round(place.y(y))}" y2="${round(place.y(y))}"/>`;
}

function renderLine({ brew, points, look }: Line, place: Place): Html {
  const placed = points.map(([x, y]) => [round(place.x(x)), round(place.y(y))] as const);
  const path = placed.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  return html`<g class="line ${look} ${brew.tone}"><path d="${path}"/>${look === 'plain' ? NOTHING : html`<path class="points" d="${placed.map(([x, y]) => shapeOf(brew.marker, x, y)).join('')}"/>`}</g>`;
}

/** A point in the shape of its brew. */
function shapeOf(marker: Brew['marker'], x: number, y: number): string {
  const r = MARK_RADIUS;
  switch (marker) {
    case 'circle':
      return `M${round(x - r)} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case 'square':
      return `M${round(x - r)} ${round(y - r)}h${2 * r}v${2 * r}h${-2 * r}z`;
    case 'triangle':
      return `M${x} ${round(y - r)}l${r} ${2 * r}h${-2 * r}z`;
    case 'diamond':
      return `M${x} ${round(y - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
  }
}

function labelsOf({ lines, marks = [] }: LineChart, place: Place): Label[] {
  const ofLines = lines.flatMap(({ brew: { tone }, label }): Label[] => {
    if (label === undefined) return [];
    const [x, y] = [place.x(label.at[0]), place.y(label.at[1])];
    switch (label.side) {
      case 'above':
        return [{ text: label.text, x, y: y - GAP, anchor: 'end', tone }];
      case 'left':
        return [{ text: label.text, x: x - GAP, y: y + 4, anchor: 'end', tone }];
      case 'right':
        return [{ text: label.text, x: x + GAP, y: y + 4, anchor: 'start', tone }];
    }
  });
  const ofMarks = marks.flatMap(({ y, label, tone }): Label[] => (y === undefined ? [] : [{ text: label, x: LEFT + 4, y: place.y(y) - 4, anchor: 'start', tone }]));
  return [...ofMarks, ...ofLines];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
