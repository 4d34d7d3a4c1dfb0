import type { Span } from '../receivers/span.ts';
import { alignTraces, type WaterfallRow } from './align-traces.ts';
import { describeLost, type LostSpans } from './lost-spans.ts';
import { spansOnPath } from './network-tax.ts';
import { extentOf, servicesOf } from './span-names.ts';

export interface BrewTrace {
  /** Name of the topology. */
  title: string;
  spans: readonly Span[];
  /** Left out where it is not known. */
  lost?: LostSpans | undefined;
}

export interface WaterfallOptions {
  /** Columns of the terminal. */
  width: number;
  color: boolean;
}

interface Column extends BrewTrace {
  startMs: number;
  durationMs: number;
  serviceWidth: number;
  /** Spans on the critical path. */
  critical: ReadonlySet<Span>;
}

const NUMBER_WIDTH = 7;
const MIN_LABEL = 30;
const MIN_BAR = 6;
const MAX_BAR = 30;
const FAILED = '✗';
/** On the critical path. */
const CRITICAL = '●';
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const COLORS = [33, 36, 35, 32, 34, 31];

/** The traces of one order side by side, a line for each step: service, start and duration in milliseconds, ● on the critical path, and a bar on the brew's own time scale. */
export function renderWaterfall(traces: readonly BrewTrace[], options: WaterfallOptions): string {
  const columns = traces.map((trace): Column => ({ ...trace, ...extentOf(trace.spans), serviceWidth: Math.max(7, ...trace.spans.map((span) => span.service.length)), critical: new Set(spansOnPath(trace.spans).keys()) }));
  const rows = foldSends(alignTraces(traces.map((trace) => trace.spans)).filter((row) => row.kind !== 'database'));
  const services = [...new Set(traces.flatMap((trace) => servicesOf(trace.spans)))];
  const paint = (text: string, service: string): string => (options.color ? `\u001b[${COLORS[services.indexOf(service) % COLORS.length] ?? 0}m${text}\u001b[0m` : text);
  const layout = layOut(columns, rows, options.width);
  const cells = (row: WaterfallRow): string => columns.map((column, index) => cell(column, row.spans[index], layout.bar, paint)).join('');
  return [
    ''.padEnd(layout.label) + columns.map((column) => ` ${column.title.padEnd(cellWidth(column, layout.bar) - 1)}`).join(''),
    'operation'.padEnd(layout.label) + columns.map((column) => ` ${'service'.padEnd(column.serviceWidth)}${'start'.padStart(NUMBER_WIDTH)}${'ms'.padStart(NUMBER_WIDTH)} ${''.padEnd(layout.bar)}`).join(''),
    ...rows.map((row) => fit(`${' '.repeat(row.depth)}${row.label}`, layout.label) + cells(row)),
    ...columns.map(summary),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `send` lies within its `relay` for the whole of it and says no more; the page shows both. Depth grows with business operations alone: paths are long. */
function foldSends(rows: readonly WaterfallRow[]): WaterfallRow[] {
  const path: number[] = [];
  return rows.flatMap((row) => {
    const above = path[row.depth - 1] ?? -1;
    const indents = row.kind !== 'message' || row.label.startsWith('relay');
    path[row.depth] = indents ? above + 1 : above;
    return row.label.startsWith('send ') && row.kind === 'message' ? [] : [{ ...row, depth: Math.max(0, path[row.depth] ?? 0) }];
  });
}

function layOut(columns: readonly Column[], rows: readonly WaterfallRow[], width: number): { label: number; bar: number } {
  const label = Math.max(MIN_LABEL, ...rows.map((row) => row.depth + row.label.length));
  const fixed = columns.reduce((sum, column) => sum + cellWidth(column, 0), 0);
  const bar = (forLabel: number): number => Math.floor((width - forLabel - fixed) / columns.length);
  return bar(label) >= MIN_BAR ? { label, bar: Math.min(MAX_BAR, bar(label)) } : { label: Math.max(MIN_LABEL, width - fixed - MIN_BAR * columns.length), bar: MIN_BAR };
}

function cellWidth(column: Column, bar: number): number {
  return 1 + column.serviceWidth + 2 * NUMBER_WIDTH + 1 + bar;
}

function cell(column: Column, span: Span | undefined, width: number, paint: (text: string, service: string) => string): string {
  if (span === undefined) return ''.padEnd(cellWidth(column, width));
  const text = ` ${paint(span.service.padEnd(column.serviceWidth), span.service)}${milliseconds(span.startMs - column.startMs)}${milliseconds(span.durationMs)}${markOf(span, column)}`;
  const { lead, bar } = barOf(span, column, width);
  return `${text}${' '.repeat(lead)}${paint(bar, span.service)}${' '.repeat(width - lead - bar.length)}`;
}

function markOf(span: Span, { critical }: Column): string {
  if (span.failed) return FAILED;
  return critical.has(span) ? CRITICAL : ' ';
}

function barOf(span: Span, column: Column, width: number): { lead: number; bar: string } {
  const scale = width / Math.max(column.durationMs, Number.MIN_VALUE);
  const lead = Math.min(width - 1, Math.max(0, Math.floor((span.startMs - column.startMs) * scale)));
  const eighths = Math.max(1, Math.min((width - lead) * 8, Math.round(span.durationMs * scale * 8)));
  return { lead, bar: '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '') };
}

function milliseconds(value: number): string {
  return (Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0)).padStart(NUMBER_WIDTH);
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function summary(column: Column): string {
  const processes = servicesOf(column.spans);
  const traces = new Set(column.spans.map((span) => span.traceId));
  return `${column.title}: ${column.spans.length} spans in ${processes.length === 1 ? 'one process' : `${processes.length} processes (${processes.join(', ')})`}, ${column.durationMs.toFixed(0)} ms, trace ${[...traces].join(', ')}${describeLost(column.lost)}`;
}
