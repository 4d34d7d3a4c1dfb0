import type { Span } from '../receivers/span.ts';
import { operationTree, type OperationNode } from './operation-tree.ts';
import { isDatabaseSpan, shownName } from './span-names.ts';

/** One line of the waterfalls: the same step in each brew; a brew that does not take it has no span there. */
export interface WaterfallRow {
  label: string;
  depth: number;
  kind: 'operation' | 'message' | 'technical' | 'database';
  spans: readonly (Span | undefined)[];
}

/** Lines up the traces of one order in several brews, step by step. The order of the lines is that of the last trace. */
export function alignTraces(traces: readonly (readonly Span[])[]): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  emit(traces.map((spans) => operationTree(spans)), 0, rows);
  return rows;
}

function emit(siblings: readonly (readonly OperationNode[])[], depth: number, rows: WaterfallRow[]): void {
  for (const nodes of pairUp(siblings, (node) => node.key)) {
    const node = nodes.find((one) => one !== undefined);
    if (node === undefined) continue;
    rows.push({ label: node.label, depth, kind: isMessage(node.span) ? 'message' : 'operation', spans: nodes.map((one) => one?.span) });
    for (const spans of pairUp(nodes.map((one) => one?.between ?? []), shownName)) {
      const span = spans.find((one) => one !== undefined);
      if (span !== undefined) rows.push({ label: shownName(span), depth: depth + 1, kind: isDatabaseSpan(span) ? 'database' : 'technical', spans });
    }
    emit(nodes.map((one) => one?.children ?? []), depth + 1, rows);
  }
}

function isMessage(span: Span): boolean {
  return span.kind === 'producer' || span.kind === 'consumer' || span.name === 'relay';
}

/** Items of several lists with equal keys side by side: the first with the first, the second with the second. Lists keep their order. */
function pairUp<T>(lists: readonly (readonly T[])[], keyOf: (item: T) => string): (T | undefined)[][] {
  const paired: { key: string; items: (T | undefined)[] }[] = [];
  for (const [column, list] of [...lists.entries()].reverse()) {
    const times = new Map<string, number>();
    let after = -1;
    for (const item of list) {
      const time = times.get(keyOf(item)) ?? 0;
      times.set(keyOf(item), time + 1);
      const key = `${keyOf(item)}\n${time}`;
      let at = paired.findIndex((row) => row.key === key);
      if (at < 0) {
        at = after + 1;
        paired.splice(at, 0, { key, items: lists.map(() => undefined) });
      }
      const row = paired[at];
      if (row !== undefined) row.items[column] = item;
      after = at;
    }
  }
  return paired.map((row) => row.items);
}
