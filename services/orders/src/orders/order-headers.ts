import { API_BASE, type Order } from '@doubleshot/contracts';
import { etagOf } from '@doubleshot/shared/http';

const SECOND_MS = 1_000;

export function orderEtag({ version }: Pick<Order, 'version'>): string {
  return etagOf(version);
}

export function orderLocation({ id }: Pick<Order, 'id'>): string {
  return `${API_BASE}/orders/${id}`;
}

/** Header that tells which wait was honoured, if one was. */
export function preferenceApplied(waitedMs: number | undefined): Record<string, string> {
  return waitedMs === undefined ? {} : { 'Preference-Applied': `wait=${waitedMs / SECOND_MS}` };
}

/** Whether nothing more will happen to an order. */
export function isSettled({ status }: Pick<Order, 'status'>): boolean {
  return status === 'ready' || status === 'cancelled';
}
