import type { getOrder, Order } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import { matchesEtag, parsePreferWaitMs, type Handler } from '@doubleshot/shared/http';
import { orderEtag, preferenceApplied } from './order-headers.ts';
import type { OrderWatch } from './order-watch.ts';
import { findOwnOrder } from './orders-repository.ts';

/** Answers at once, or, when the client has the newest version and prefers to wait, at the next change. */
export function createGetOrder({ database, watch }: { database: Database; watch: OrderWatch }): Handler<typeof getOrder> {
  return async (input) => {
    const { params, headers, principal } = input;
    const order = await findOwnOrder(database, { id: params.id, customerId: principal.userId });
    if (order === undefined) throw new ProblemError('order_not_found');
    const isKnown = matchesEtag(headers['if-none-match'], orderEtag(order));
    const waitMs = isKnown ? parsePreferWaitMs(headers.prefer) : undefined;
    if (waitMs === undefined) return reply(order, { isKnown });
    const { order: newer, honoured } = await watch.next({ after: order, until: () => true, waitMs, signal: input.signal });
    return reply(newer ?? order, { isKnown: newer === undefined, waitedMs: honoured ? waitMs : undefined });
  };
}

function reply(order: Order, { isKnown, waitedMs }: { isKnown: boolean; waitedMs?: number | undefined }): Awaited<ReturnType<Handler<typeof getOrder>>> {
  const headers = { ETag: orderEtag(order), ...preferenceApplied(waitedMs) };
  return isKnown ? { status: 304, headers } : { status: 200, headers, body: order };
}
