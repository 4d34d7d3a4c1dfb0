import type { Span } from '../receivers/span.ts';

/** One step that both brews take, with what lies between it and its next steps in this brew only. */
export interface OperationNode {
  /** Equal for the same step in another brew. */
  key: string;
  label: string;
  span: Span;
  /** Spans of HTTP, the database and the like beneath this step, earliest first. */
  between: readonly Span[];
  children: readonly OperationNode[];
}

/** The business operations, named alike in every topology. */
const BUSINESS = new Set(['place order', 'relay', 'brew', 'notify', 'send email', 'push live']);
const MESSAGE_KEY = 'doubleshot.message.key';
const DESTINATION = 'messaging.destination.name';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** Arranges the spans of one trace by business operation: requests and messages first, technical spans hung beneath them. */
export function operationTree(spans: readonly Span[]): OperationNode[] {
  const known = new Set(spans.map((span) => span.spanId));
  const childrenOf = Map.groupBy(spans, (span) => (span.parentSpanId !== undefined && known.has(span.parentSpanId) ? span.parentSpanId : ''));
  const under = (span: Span): readonly Span[] => childrenOf.get(span.spanId) ?? [];

  const build = (span: Span, isRoot: boolean): OperationNode => {
    const between: Span[] = [];
    const steps: Span[] = [];
    const collect = (parent: Span): void => {
      for (const child of under(parent)) {
        if (isStep(child)) steps.push(child);
        else {
          between.push(child);
          collect(child);
        }
      }
    };
    collect(span);
    const byStart = (a: Span, b: Span): number => a.startMs - b.startMs;
    const label = labelOf(span, under(span));
    return { key: isRoot ? 'request' : label, label, span, between: between.toSorted(byStart), children: steps.toSorted(byStart).map((step) => build(step, false)) };
  };
  // A consumer that links to its sender instead of continuing its trace is a root as well.
  return (childrenOf.get('') ?? []).map((root) => build(root, !isStep(root)));
}

function isStep(span: Span): boolean {
  return BUSINESS.has(span.name) || span.kind === 'producer' || span.kind === 'consumer';
}

function labelOf(span: Span, children: readonly Span[]): string {
  if (span.name === 'relay') {
    const send = children.find((child) => child.kind === 'producer');
    return send === undefined ? 'relay' : `relay → ${String(send.attributes[DESTINATION] ?? send.name)}${routing(send)}`;
  }
  return span.name;
}

/** Events are keyed by an id, which differs from order to order; tasks by a routing key, which tells them apart. */
function routing(send: Span): string {
  const key = send.attributes[MESSAGE_KEY];
  return typeof key === 'string' && key !== '' && !UUID.test(key) ? `.${key.split('.', 1)[0] ?? ''}` : '';
}
