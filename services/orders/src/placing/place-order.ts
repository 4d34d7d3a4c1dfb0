import type { Order } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import { outboxColumns, type Outbox } from '@doubleshot/shared/messaging';
import { withSpan } from '@doubleshot/shared/telemetry';
import type { Gate } from '../gate.ts';
import type { MenuSource } from '../menu/menu-source.ts';
import type { Popularity } from '../menu/popularity.ts';
import { draftOrder, type Draft } from './draft-order.ts';
import { findKeyUse, type KeyUse } from './idempotency-keys.ts';
import { lockNumber, requestHash, type OrderRequest } from './order-request.ts';
import { PLACE_ORDER, type Fault, type PlaceOrderRow } from './place-order-statement.ts';

export interface PlaceOrderDeps {
  database: Database;
  outbox: Outbox;
  menu: MenuSource;
  popularity: Popularity;
  /** For what takes rows of the menu. */
  gate: Gate;
}

/** An order as it was placed. For a replay also as it is now. */
export interface Placement {
  order: Order;
  replayOf?: Order;
}

/** Menu edits that may come between reading the menu and taking the stock. */
const MOST_TRIES = 3;

/**
 * Records an order, its stock, its messages and its key, durably and once: the same key again gives the same order.
 * Throws a `ProblemError` when the key is under way, was used otherwise, or a line cannot be had; then nothing was written.
 */
export function placeOrder(deps: PlaceOrderDeps, request: OrderRequest): Promise<Placement> {
  return withSpan('place order', { attributes: { 'doubleshot.order.lines': request.lines.length } }, async (span) => {
    const placement = await tryToPlace(deps, request);
    span.setAttributes({ 'doubleshot.order.id': placement.order.id, 'doubleshot.order.replayed': placement.replayOf !== undefined });
    return placement;
  });
}

async function tryToPlace(deps: PlaceOrderDeps, request: OrderRequest): Promise<Placement> {
  const hash = requestHash(request);
  for (let tries = 1; ; tries += 1) {
    const menu = await (tries === 1 ? deps.menu.lastKnown() : deps.menu.refresh());
    const draft = draftOrder(menu, request);
    const [row] = await deps.gate.pass((left) => deps.database.query<PlaceOrderRow>(PLACE_ORDER, parametersOf(request, draft, hash), left));
    if (row?.placed === true) return placed(deps, draft.order);
    if (row?.alone === false && !row.known) throw new ProblemError('idempotency_in_progress');
    // Also when the key was not known: it may have been committed after the statement began, even if that used up the stock.
    const use = await findKeyUse(deps.database, request);
    if (use !== undefined) return replayed(use, hash);
    if (tries === MOST_TRIES || !mayBeOutdated(row?.faults ?? {})) throw refusal(row?.faults ?? {});
  }
}

function parametersOf(request: OrderRequest, { order, stations, messages }: Draft, hash: Buffer): readonly unknown[] {
  const { items } = order;
  return [
    lockNumber(request),
    order.customerId,
    request.idempotencyKey,
    hash,
    order.id,
    items.map((item) => item.menuItemId),
    items.map((item) => item.quantity),
    items.map((item) => item.unitPriceCents),
    items.map((item) => item.name),
    JSON.stringify(items),
    order.totalCents,
    stations,
    order.placedAt,
    ...outboxColumns(messages),
  ];
}

function placed({ outbox, popularity }: PlaceOrderDeps, order: Order): Placement {
  outbox.wake();
  popularity.count(order.items);
  return { order };
}

function replayed({ requestHash, order }: KeyUse, hash: Buffer): Placement {
  if (!requestHash.equals(hash)) throw new ProblemError('idempotency_key_reused');
  const { cancelReason: _, ...asPlaced } = order;
  return { order: { ...asPlaced, status: 'placed', version: 1, updatedAt: order.placedAt }, replayOf: order };
}

// No fault at all: the key of a request that has just been forgotten stood in the way.
function mayBeOutdated(faults: Readonly<Record<string, Fault>>): boolean {
  return Object.values(faults).every((fault) => fault === 'changed');
}

function refusal(faults: Readonly<Record<string, Fault>>): ProblemError {
  const ids = (fault: Fault): string => Object.keys(faults).filter((id) => faults[id] === fault).join(', ');
  if (ids('unknown') !== '') return new ProblemError('menu_item_not_found', `Not on the menu: ${ids('unknown')}.`);
  if (ids('unavailable') !== '') return new ProblemError('menu_item_unavailable', `Not on sale: ${ids('unavailable')}.`);
  if (ids('short') !== '') return new ProblemError('out_of_stock', `Not enough left of: ${ids('short')}.`);
  return new ProblemError('unavailable', 'The menu is being changed; try again.', { headers: { 'Retry-After': '1' } });
}
