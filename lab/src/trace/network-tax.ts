import type { Span } from '../receivers/span.ts';
import { criticalPath, endOf, type CriticalPath, type Segment } from './critical-path.ts';
import { PARTS, TAX, type Part } from './path-parts.ts';

/** Where the time of one order went, on one way through its trace. */
export interface Bill {
  path: CriticalPath;
  /** Milliseconds of each part; together they are `totalMs`. */
  parts: Readonly<Record<Part, number>>;
  totalMs: number;
  /** Of it, the parts of {@link TAX}. */
  taxMs: number;
}

export interface OrderBill {
  /** From the request to its answer. */
  answer?: Bill;
  /** From the request to the end of the e-mail. */
  email?: Bill;
}

/** The bill of an order's spans: to the answer, and to the e-mail. A way whose last span is missing is left out. */
export function billOrder(spans: readonly Span[]): OrderBill {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const root = spans.find(({ kind, parentSpanId }) => kind === 'server' && !known.has(parentSpanId ?? ''));
  const email = spans.filter(({ name, failed }) => name === 'send email' && !failed).toSorted((a, b) => endOf(b) - endOf(a))[0];
  return {
    ...(root !== undefined && { answer: bill(spans, root) }),
    ...(email !== undefined && { email: bill(spans, email) }),
  };
}

/** The spans on the way to the e-mail, or, without one, to the answer, with the milliseconds that are their own. */
export function spansOnPath(spans: readonly Span[]): ReadonlyMap<Span, number> {
  const { answer, email } = billOrder(spans);
  const segments = (email ?? answer)?.path.segments ?? [];
  return new Map([...Map.groupBy(segments, ({ span }) => span)].map(([span, own]) => [span, lengthOf(own)]));
}

function bill(spans: readonly Span[], last: Span): Bill {
  const path = criticalPath(spans, last);
  const parts = Object.fromEntries(Object.keys(PARTS).map((part) => [part, 0])) as Record<Part, number>;
  for (const { part, startMs, endMs } of path.segments) parts[part] += endMs - startMs;
  const json = jsonMs(path);
  const told = brewingMs(path);
  parts.compute += parts.brewing - told - json;
  parts.serialisation = json;
  parts.brewing = told;
  return { path, parts, totalMs: path.endMs - path.startMs, taxMs: TAX.reduce((sum, part) => sum + parts[part], 0) };
}

/** Of what a brewer's span does itself the time it was told to take; the rest is compute. */
function brewingMs({ segments }: CriticalPath): number {
  let sum = 0;
  for (const [span, own] of Map.groupBy(segments.filter(({ part }) => part === 'brewing'), (segment) => segment.span)) {
    sum += Math.min(lengthOf(own), numberOf(span, 'doubleshot.brewing_ms'));
  }
  return sum;
}

/** Of the compute of each span what it says it spent on JSON, and no more than it has on the path. */
function jsonMs({ segments }: CriticalPath): number {
  let sum = 0;
  for (const [span, own] of Map.groupBy(segments.filter(({ part }) => part === 'compute'), (segment) => segment.span)) {
    // A path that leaves a request before its end has not written the answer.
    const whole = (own.at(-1)?.endMs ?? 0) >= endOf(span);
    const encodeMs = span.kind !== 'server' || whole ? numberOf(span, 'doubleshot.encode_ms') : 0;
    sum += Math.min(lengthOf(own), numberOf(span, 'doubleshot.decode_ms') + encodeMs);
  }
  return sum;
}

function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((total, { startMs, endMs }) => total + endMs - startMs, 0);
}

function numberOf({ attributes }: Span, name: string): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : 0;
}
