import * as contracts from '@doubleshot/contracts';
import { createOperationRouter, handle } from '@doubleshot/shared/http';
import { createOutbox, type Subscription } from '@doubleshot/shared/messaging';
import { createPeriodic, defineModule, type ModuleDeps, type ServiceModule } from '@doubleshot/shared/runtime';
import { Gauge } from 'prom-client';
import { startBrewers } from './brewing/start-brewers.ts';
import { createGate } from './gate.ts';
import { createChangeMenuItem } from './menu/change-menu-item.ts';
import { createGetMenuItem } from './menu/get-menu-item.ts';
import { createGetMenu } from './menu/get-menu.ts';
import { createGetPopularItems } from './menu/get-popular-items.ts';
import { createMenuSource } from './menu/menu-source.ts';
import { createPopularity } from './menu/popularity.ts';
import { writeFirstMenu } from './menu/write-first-menu.ts';
import { createCancelOrder } from './orders/cancel-order.ts';
import { createGetOrder } from './orders/get-order.ts';
import { createListOrders } from './orders/list-orders.ts';
import { createOrderWatch } from './orders/order-watch.ts';
import { findChanged } from './orders/orders-repository.ts';
import { createPlaceOrder } from './placing/answer-placement.ts';
import { forgetOldKeys } from './placing/idempotency-keys.ts';
import { MIGRATIONS } from './schema/migrations.ts';
import { ORDERS_SETTINGS, type OrdersSettings } from './settings.ts';
import { SCHEMA } from './source.ts';

export type OrdersDeps = Pick<ModuleDeps<OrdersSettings>, 'settings' | 'logger' | 'metrics' | 'database' | 'eventLog' | 'taskQueue' | 'cache' | 'tokens'>;

const WRITE_BACK_INTERVAL_MS = 1_000;
const FORGET_KEYS_INTERVAL_MS = 60_000;

/** The menu, orders, and the brewers that work on them. */
export function createOrdersModule(deps: OrdersDeps): ServiceModule {
  const { settings, logger, metrics, database, taskQueue, cache } = deps;
  const outbox = createOutbox({ ...deps, schema: SCHEMA });
  const menu = createMenuSource({ database, cache, cacheMs: settings.MENU_CACHE_MS });
  const gate = createGate({ width: settings.PLACE_ORDER_CONCURRENCY });
  const popularity = createPopularity({ database, cache });
  const watch = createOrderWatch({ findChanged: (known) => findChanged(database, known), onError: warn('could not look for changed orders') });
  new Gauge({ name: 'doubleshot_order_waits', help: 'Requests that wait for their order.', registers: [metrics], collect() { this.set(watch.size()); } });
  const timers = [
    createPeriodic({ intervalMs: WRITE_BACK_INTERVAL_MS, work: popularity.writeBack, onError: warn('could not write back what is popular') }),
    createPeriodic({
      intervalMs: FORGET_KEYS_INTERVAL_MS,
      work: () => forgetOldKeys(database, settings.IDEMPOTENCY_KEY_TTL_SECONDS),
      onError: warn('could not forget old idempotency keys'),
    }),
  ];
  const stopping = new AbortController();
  let brewers: Subscription | undefined;
  let closing: Promise<void> | undefined;

  function warn(what: string): (error: unknown) => void {
    return (error) => { logger.warn({ err: error }, what); };
  }

  async function start(): Promise<void> {
    if (stopping.signal.aborted) return;
    outbox.start();
    for (const timer of timers) timer.start();
    const options = { database, outbox, watch, menu, timeScale: settings.BREW_TIME_SCALE, taskQueue, concurrency: settings.BREW_CONCURRENCY, logger, metrics };
    brewers ??= await startBrewers(options, stopping.signal);
    if (stopping.signal.aborted) await brewers.close();
  }

  async function close(): Promise<void> {
    stopping.abort();
    watch.close();
    await Promise.all([brewers?.close(), ...timers.map((timer) => timer.close())]);
    await popularity.writeBack().catch(warn('could not write back what is popular'));
    await outbox.close();
  }

  return {
    name: 'orders',
    router: createOperationRouter({
      operations: [
        handle(contracts.getMenu, createGetMenu(menu, settings.MENU_CACHE_MS)),
        handle(contracts.getPopularItems, createGetPopularItems(menu, popularity)),
        handle(contracts.getMenuItem, createGetMenuItem(menu, settings.MENU_CACHE_MS)),
        handle(contracts.changeMenuItem, createChangeMenuItem({ database, outbox, menu })),
        handle(contracts.placeOrder, createPlaceOrder({ database, outbox, menu, popularity, gate, watch })),
        handle(contracts.listOrders, createListOrders(database)),
        handle(contracts.getOrder, createGetOrder({ database, watch })),
        handle(contracts.cancelOrder, createCancelOrder({ database, outbox, gate, watch })),
      ],
      tokens: deps.tokens,
    }),
    outbox,
    prepare: () => writeFirstMenu(database, settings.MENU_STOCK),
    start,
    drain: () => { watch.close(); },
    ready: () => database.ready(),
    close: () => (closing ??= close()),
  };
}

export const ordersModule = defineModule({
  name: 'orders',
  settings: ORDERS_SETTINGS,
  needs: ['database', 'eventLog', 'taskQueue', 'cache', 'tokens'],
  migrations: MIGRATIONS,
  create: createOrdersModule,
});
