import { setTimeout as rest } from 'node:timers/promises';
import type { Order, Station } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { PoisonError, type Outbox } from '@doubleshot/shared/messaging';
import { withSpan } from '@doubleshot/shared/telemetry';
import type { MenuSource } from '../menu/menu-source.ts';
import { findOrder } from '../orders/orders-repository.ts';
import type { OrderWatch } from '../orders/order-watch.ts';
import { brewTimeMs } from './brew-time.ts';
import { finishStation } from './finish-station.ts';
import { startBrewing } from './start-brewing.ts';

export interface BrewDeps {
  database: Database;
  outbox: Outbox;
  watch: OrderWatch;
  menu: MenuSource;
  /** Stretches brewing time; 0 removes it. */
  timeScale: number;
}

export interface Brew {
  orderId: string;
  station: Station;
  /** Ends the brewing before its time: then the work is not done, and comes again. */
  signal: AbortSignal;
}

/**
 * Makes one station's drinks of one order. Safe to run any number of times, also at once, and after a crash anywhere: each step looks at the order's row
 * and does nothing if it was done. A cancelled order is left alone.
 */
export function brew(deps: BrewDeps, work: Brew): Promise<void> {
  return withSpan('brew', { attributes: { 'doubleshot.order.id': work.orderId, 'doubleshot.station': work.station } }, async (span) => {
    const order = await orderToBrew(deps, work);
    if (order === undefined) return;
    span.setAttribute('doubleshot.brewing_ms', await brewFor(deps, order, work));
    announce(deps, await finishStation(deps.database, order, work.station));
  });
}

/** The order once it is `brewing`, or `undefined` when nothing is left to do for this station. */
async function orderToBrew(deps: BrewDeps, { orderId, station }: Brew): Promise<Order | undefined> {
  for (;;) {
    const stored = await findOrder(deps.database, orderId);
    if (stored === undefined) throw new PoisonError(`there is no order ${orderId}`);
    const { order, stationsLeft } = stored;
    if (order.status === 'cancelled' || !stationsLeft.includes(station)) return undefined;
    if (order.status === 'brewing') return order;
    const started = await startBrewing(deps.database, order);
    announce(deps, started);
    if (started !== undefined) return started;
  }
}

/** Answers the milliseconds it took its time for. */
async function brewFor({ menu, timeScale }: BrewDeps, order: Order, { station, signal }: Brew): Promise<number> {
  const ms = timeScale === 0 ? 0 : brewTimeMs(await menu.current(), order, station) * timeScale;
  if (ms > 0) await rest(ms, undefined, { signal });
  return ms;
}

function announce({ outbox, watch }: BrewDeps, order: Order | undefined): void {
  if (order === undefined) return;
  outbox.wake();
  watch.announce(order);
}
