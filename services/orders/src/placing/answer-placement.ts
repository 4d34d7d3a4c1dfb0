import type { placeOrder as placeOrderOperation, Order } from '@doubleshot/contracts';
import { parsePreferWaitMs, type Handler } from '@doubleshot/shared/http';
import { isSettled, orderEtag, orderLocation, preferenceApplied } from '../orders/order-headers.ts';
import type { OrderWatch } from '../orders/order-watch.ts';
import { placeOrder, type Placement, type PlaceOrderDeps } from './place-order.ts';

interface Waiting {
  waitMs: number;
  signal: AbortSignal;
}

interface Outcome {
  order: Order;
  /** The wait that was honoured. */
  waitedMs?: number | undefined;
}

/** POST /orders: places the order, then waits for it if the client prefers to. */
export function createPlaceOrder(deps: PlaceOrderDeps & { watch: OrderWatch }): Handler<typeof placeOrderOperation> {
  return async (input) => {
    const { headers, body, principal } = input;
    const placement = await placeOrder(deps, { customerId: principal.userId, lines: body.items, idempotencyKey: headers['idempotency-key'] });
    const waitMs = parsePreferWaitMs(headers.prefer);
    const { order, waitedMs }: Outcome = waitMs === undefined ? placement : await outcome(deps.watch, placement, { waitMs, signal: input.signal });
    const replayed: Record<string, string> = placement.replayOf === undefined ? {} : { 'Idempotency-Replayed': 'true' };
    return { status: 201, headers: { Location: orderLocation(order), ETag: orderEtag(order), ...replayed, ...preferenceApplied(waitedMs) }, body: order };
  };
}

async function outcome(watch: OrderWatch, { order, replayOf }: Placement, { waitMs, signal }: Waiting): Promise<Outcome> {
  const newest = replayOf ?? order;
  if (isSettled(newest)) return { order: newest };
  const { order: settled, honoured } = await watch.next({ after: newest, until: isSettled, waitMs, signal });
  return { order: settled ?? newest, waitedMs: honoured ? waitMs : undefined };
}
