import { API_BASE, type Order } from '@doubleshot/contracts';
import { etagOf } from '@doubleshot/shared/http';

const SECOND_MS = 1_000;

export function orderEtag({ version }: Pick<Order, 'version'>): string {
  return etagOf(version);
}

export function orderLocation({ id }: Pick<Order, 'id'>): string {
  return `${API_BASE}/orders/${id}`;
}

/** Header that tells which wait was honoured, if one was asked for. */
export function preferenceApplied(waitMs: number | undefined): Record<string, string> {
  return waitMs === undefined ? {} : { 'Preference-Applied': `wait=${waitMs / SECOND_MS}` };
}

/** Whether nothing more will happen to an order. */
export function isSettled({ status }: Pick<Order, 'status'>): boolean {
  return status === 'ready' || status === 'cancelled';
}
