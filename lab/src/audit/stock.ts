import { API_BASE, MenuItem } from '@doubleshot/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiAnswer, ApiClient } from '../load/api-client.ts';
import { ApiRefusal } from '../load/api-refusal.ts';
import { patiently } from '../load/patiently.ts';
import type { ObservedStock } from './observation.ts';

/** Without the contract's bound: stock below zero is a finding, not an answer that cannot be read. */
const CountedItem = MenuItem.extend({ stock: z.int() });
const CountedMenu = z.object({ items: z.array(CountedItem) });

const SETTLE_POLL_MS = 300;
/** A second in the process, a second in front of it, and the time to fetch it again. */
const KEPT_MS = 2_500;

export async function readMenu(api: ApiClient): Promise<MenuItem[]> {
  return (await readAll(api)).items;
}

/** `kept`: by a cache in front of the shop. The list that it has may tell of old stock for long; each item does not. */
function readAll(api: ApiClient): Promise<{ items: MenuItem[]; kept: boolean }> {
  return patiently(async () => {
    const { headers, body } = await read(api, `${API_BASE}/menu`);
    const { items } = CountedMenu.parse(body);
    if (headers['x-cache'] === undefined) return { items, kept: false };
    return { items: await Promise.all(items.map(async ({ id }) => CountedItem.parse((await read(api, `${API_BASE}/menu/${id}`)).body))), kept: true };
  });
}

async function read(api: ApiClient, path: string): Promise<ApiAnswer> {
  const answer = await api.request({ path, headers: { 'cache-control': 'no-cache' } });
  if (answer.status !== 200) throw new ApiRefusal('reading the menu', answer);
  return answer;
}

/** Reads the menu until it has not changed for `settleMs`: the shop may keep it in a cache for a while. */
export async function readSettledMenu(api: ApiClient, settleMs: number): Promise<MenuItem[]> {
  const first = await readAll(api);
  const enoughMs = first.kept ? Math.max(settleMs, KEPT_MS) : settleMs;
  let { items } = first;
  let since = performance.now();
  while (performance.now() - since < enoughMs) {
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
