import type { LedgerLine, Outcome } from './ledger-entry.ts';

/** All attempts with one Idempotency-Key, taken together: one wish of one customer. */
export interface LedgerKey {
  key: string;
  customerId: string;
  payloadHash: string;
  attempts: number;
  outcome: Outcome;
  /** Ids that acknowledgements named. More than one means the key did not hold. */
  orderIds: readonly string[];
}

/** Sums up the attempts of each key: acknowledged if any was, else unknown if any may have worked, else refused. */
export function summarizeKeys(lines: readonly LedgerLine[]): LedgerKey[] {
  const byKey = new Map<string, { begins: Set<number>; ends: Map<number, Outcome>; orderIds: Set<string>; first: LedgerLine }>();
  for (const line of lines) {
    const seen = byKey.get(line.key) ?? { begins: new Set(), ends: new Map(), orderIds: new Set(), first: line };
    byKey.set(line.key, seen);
    seen.begins.add(line.attempt);
    if (line.line === 'begin') continue;
    seen.ends.set(line.attempt, line.outcome);
    if (line.orderId !== undefined) seen.orderIds.add(line.orderId);
  }
  return [...byKey.entries()].map(([key, seen]) => ({
    key,
    customerId: seen.first.customerId,
    payloadHash: seen.first.payloadHash,
    attempts: seen.begins.size,
    outcome: overall([...seen.begins].map((attempt) => seen.ends.get(attempt) ?? 'unknown')),
    orderIds: [...seen.orderIds],
  }));
}

function overall(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('acknowledged')) return 'acknowledged';
  return outcomes.includes('unknown') ? 'unknown' : 'refused';
}
