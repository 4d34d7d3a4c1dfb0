import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '../../load/api-client.ts';
import { placeOneOrder, recordedAs } from '../method/place-one-order.ts';
import type { PreparedBrew } from '../method/prepare-brew.ts';

/** Where what an order left behind can be counted. */
export interface Traces {
  /** How many spans of a trace have arrived so far. */
  spansOf(traceId: string): number;
  /** Everything that the processes have written so far. */
  logs(): Promise<string>;
}

export interface PerOrder {
  spans: number[];
  logLines: number[];
}

/** Spans leave the processes once a second, and an order's last ones come with its e-mail. */
const QUIET_MS = 2_500;
const DEADLINE_MS = 30_000;
const LOOK_EVERY_MS = 250;

/** Places some orders whose every span is recorded, waits until no more come, and counts spans and log lines of each. */
export async function countPerOrder(baseUrl: string, prepared: Pick<PreparedBrew, 'customers' | 'menuItemIds'>, orders: number, traces: Traces): Promise<PerOrder> {
  const traceIds = Array.from({ length: orders }, () => randomBytes(16).toString('hex'));
  const [customer] = await prepared.customers();
  const api = createApiClient(baseUrl);
  try {
    for (const traceId of traceIds) {
      await placeOneOrder(api, { token: customer?.token ?? '', menuItemId: prepared.menuItemIds[0] ?? '', headers: recordedAs(traceId) });
    }
  } finally {
    await api.close();
  }
  await untilQuiet(() => traceIds.reduce((sum, traceId) => sum + traces.spansOf(traceId), 0));
  const lines = (await traces.logs()).split('\n');
  return { spans: traceIds.map((traceId) => traces.spansOf(traceId)), logLines: traceIds.map((traceId) => lines.filter((line) => line.includes(traceId)).length) };
}

async function untilQuiet(count: () => number): Promise<void> {
  const begin = performance.now();
  let [last, since] = [count(), begin];
  while (performance.now() - since < QUIET_MS && performance.now() - begin < DEADLINE_MS) {
    await sleep(LOOK_EVERY_MS);
    const now = count();
    if (now !== last) [last, since] = [now, performance.now()];
  }
}
