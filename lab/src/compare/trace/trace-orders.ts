import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '../../load/api-client.ts';
import type { Span } from '../../receivers/span.ts';
import { awaitTrace } from '../../trace/await-trace.ts';
import { placeOneOrder, recordedAs } from '../method/place-one-order.ts';
import type { PreparedBrew } from '../method/prepare-brew.ts';
import type { Trace } from '../trace-schema.ts';
import { keptSpans } from './kept-spans.ts';

/** A brew that has answered requests of every kind already, so that an order pays for nothing that is done once. */
export interface TraceableBrew {
  name: string;
  baseUrl: string;
  prepared: Pick<PreparedBrew, 'customers' | 'menuItemIds'>;
  /** That have arrived so far. */
  spansOfOrder(orderId: string): readonly Span[];
}

export interface Patience {
  /** An order and all that follows it are over by then. */
  settledMs: number;
  /** For the last spans. */
  timeoutMs: number;
}

const PATIENCE: Patience = { settledMs: 1_000, timeoutMs: 15_000 };

/** Places an order in one brew after another, so that none takes the time of another's, and waits for the spans of all. */
export async function traceOrders(brews: readonly TraceableBrew[], { settledMs, timeoutMs } = PATIENCE): Promise<Trace> {
  const placed: { brew: TraceableBrew; orderId: string }[] = [];
  for (const brew of brews) {
    placed.push({ brew, orderId: await placeRecordedOrder(brew) });
    await sleep(settledMs);
  }
  const orders = await Promise.all(
    placed.map(async ({ brew, orderId }) => ({ topology: brew.name, orderId, spans: keptSpans(await awaitTrace(() => Promise.resolve(brew.spansOfOrder(orderId)), { timeoutMs })) })),
  );
  return {
    orders: orders.filter(({ spans }) => spans.length > 0),
    missing: orders.filter(({ spans }) => spans.length === 0).map(({ topology }) => `${topology}: no span of its order came to the lab's receiver within ${timeoutMs / 1_000} s; its processes cannot reach that, or send their spans elsewhere`),
  };
}

async function placeRecordedOrder({ baseUrl, prepared }: TraceableBrew): Promise<string> {
  const api = createApiClient(baseUrl);
  try {
    const [customer] = await prepared.customers();
    return await placeOneOrder(api, { token: customer?.token ?? '', menuItemId: prepared.menuItemIds[0] ?? '', headers: recordedAs(randomBytes(16).toString('hex')) });
  } finally {
    await api.close();
  }
}
