import type { Span } from '../receivers/span.ts';

/** From the first span of an order to `last`, each the cause of the next: its parent, or the sender that its trace links to. */
export function causalChain(spans: readonly Span[], last: Span): Span[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const chain: Span[] = [];
  const seen = new Set<Span>();
  for (let span: Span | undefined = last; span !== undefined && !seen.has(span); span = causeOf(span, byId)) {
    seen.add(span);
    chain.unshift(span);
  }
  return chain;
}

function causeOf({ parentSpanId, kind, links }: Span, byId: ReadonlyMap<string, Span>): Span | undefined {
  if (parentSpanId !== undefined) return byId.get(parentSpanId);
  // Only who handles a message links to its cause.
  return kind === 'consumer' ? byId.get(links[0]?.spanId ?? '') : undefined;
}
