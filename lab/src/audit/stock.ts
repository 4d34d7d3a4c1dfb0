import { API_BASE, Menu, type MenuItem } from '@doubleshot/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../load/api-client.ts';
import { ApiRefusal } from '../load/api-refusal.ts';
import { patiently } from '../load/patiently.ts';
import type { ObservedStock } from './observation.ts';

const SETTLE_POLL_MS = 300;

export function readMenu(api: ApiClient): Promise<MenuItem[]> {
  return patiently(async () => {
    const answer = await api.request({ path: `${API_BASE}/menu`, headers: { 'cache-control': 'no-cache' } });
    if (answer.status !== 200) throw new ApiRefusal('reading the menu', answer);
    return Menu.parse(answer.body).items;
  });
}

/** Reads the menu until it has not changed for `settleMs`: the shop may keep it in a cache for a while. */
export async function readSettledMenu(api: ApiClient, settleMs: number): Promise<MenuItem[]> {
  let items = await readMenu(api);
  let since = performance.now();
  while (performance.now() - since < settleMs) {
    await sleep(SETTLE_POLL_MS);
    const now = await readMenu(api);
    if (JSON.stringify(now) !== JSON.stringify(items)) since = performance.now();
    items = now;
  }
  return items;
}

export function compareStock(before: readonly MenuItem[], after: readonly MenuItem[]): ObservedStock[] {
  const now = new Map(after.map((item) => [item.id, item.stock]));
  return before.map((item) => ({ menuItemId: item.id, name: item.name, before: item.stock, after: now.get(item.id) ?? 0 }));
}

export interface StockChange {
  api: ApiClient;
  token: string;
  item: MenuItem;
  stock: number;
}

/** As staff, whatever there was. */
export function setStock({ api, token, item, stock }: StockChange): Promise<void> {
  const path = `${API_BASE}/menu/${item.id}`;
  return patiently(async () => {
    // Whatever is left: orders may take some between reading and writing.
    const answer = await api.request({ method: 'PATCH', path, token, headers: { 'if-match': '*' }, body: { stock } });
    if (answer.status !== 200) throw new ApiRefusal('changing stock', answer);
  });
}
