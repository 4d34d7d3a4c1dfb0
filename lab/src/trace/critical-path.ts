import type { Span } from '../receivers/span.ts';
import { causalChain } from './causal-chain.ts';
import { partOfSpan, partOfWait, type Part } from './path-parts.ts';
import { visibleFrom } from './visible-from.ts';

/** A stretch of the critical path: it belongs to one span, and to one part. */
export interface Segment {
  span: Span;
  part: Part;
  startMs: number;
  endMs: number;
}

export interface CriticalPath {
  /** One after another without gap or overlap. */
  segments: readonly Segment[];
  startMs: number;
  endMs: number;
  /** What was taken off spans that begin before their cause: clocks that disagree. */
  clampedMs: number;
}

type Add = (segment: Segment) => void;

/**
 * What had to happen, one after another, from the first span of an order to the end of `last`. Within a span, the child that ended last is what the rest waited for;
 * what no child covers is the span's own. Between a span and what it caused later lies a wait.
 */
export function criticalPath(spans: readonly Span[], last: Span): CriticalPath {
  const children = Map.groupBy(spans, ({ parentSpanId }) => parentSpanId ?? '');
  const chain = causalChain(spans, last);
  const [root = last] = chain;
  const segments: Segment[] = [];
  const add: Add = (segment) => { if (segment.endMs > segment.startMs) segments.push(segment); };
  let at = root.startMs;
  let clampedMs = 0;
  for (const [index, span] of chain.entries()) {
    const next = chain[index + 1];
    const leave = next === undefined ? endOf(span) : beginningOf(next, children.get(span.spanId) ?? [], chain[index + 2]);
    clampedMs += Math.max(0, at - leave);
    const until = Math.max(at, leave);
    if (next !== undefined && span.kind === 'producer') waitFor(next, { span, from: at, to: until, add, siblings: triesOf(next, spans) });
    else {
      const ended = Math.max(at, Math.min(until, endOf(span)));
      within(span, { from: at, to: ended, children, add });
      if (next !== undefined) add({ span, part: partOfWait(next), startMs: ended, endMs: until });
    }
    at = until;
  }
  return { segments, startMs: root.startMs, endMs: at, clampedMs };
}

export function endOf(span: Span): number {
  return span.startMs + span.durationMs;
}

/** An outbox row begins to wait when its transaction is committed, not when it was written. */
function beginningOf(next: Span, siblings: readonly Span[], send: Span | undefined): number {
  return next.name === 'relay' ? Math.min(visibleFrom(next, siblings), send?.startMs ?? Infinity) : next.startMs;
}

interface Wait {
  span: Span;
  from: number;
  to: number;
  /** Every try to handle the message, the one waited for among them. */
  siblings: readonly Span[];
  add: Add;
}

/** Until the first try the broker or queue had it; from then on it failed and waited for its next try. */
function waitFor(next: Span, { span, from, to, siblings, add }: Wait): void {
  const first = Math.min(...siblings.map(({ startMs }) => startMs), to);
  const tried = Math.max(from, first);
  add({ span, part: partOfWait(next), startMs: from, endMs: tried });
  add({ span, part: 'retries', startMs: tried, endMs: to });
}

function triesOf(next: Span, spans: readonly Span[]): Span[] {
  const id = next.attributes['messaging.message.id'];
  return id === undefined ? [] : spans.filter(({ kind, name, attributes }) => kind === 'consumer' && name === next.name && attributes['messaging.message.id'] === id);
}

interface Within {
  from: number;
  to: number;
  children: ReadonlyMap<string, readonly Span[]>;
  add: Add;
}

/** Backwards from the end: the child that ended last, what lay between, the child before it. */
function within(span: Span, { from, to, children, add }: Within): void {
  const awaited = (children.get(span.spanId) ?? []).filter(isAwaited);
  const found: (() => void)[] = [];
  let at = to;
  while (at > from) {
    const before = at;
    const child = latest(awaited.filter(({ startMs }) => startMs < before), before);
    const childEnd = child === undefined ? from : Math.max(from, Math.min(at, endOf(child)));
    found.push(() => { add({ span, part: partOfSpan(span), startMs: childEnd, endMs: before }); });
    if (child === undefined || childEnd <= from) break;
    const childStart = Math.max(from, child.startMs);
    found.push(() => { within(child, { from: childStart, to: childEnd, children, add }); });
    at = childStart;
  }
  for (const run of found.reverse()) run();
}

function latest(spans: readonly Span[], before: number): Span | undefined {
  return spans.reduce<Span | undefined>((best, span) => (best === undefined || Math.min(before, endOf(span)) > Math.min(before, endOf(best)) ? span : best), undefined);
}

/** What is sent on goes its own way. */
function isAwaited({ name, kind }: Span): boolean {
  return name !== 'relay' && kind !== 'consumer';
}
