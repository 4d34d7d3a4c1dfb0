import { startJourney } from '../demo/journey.ts';
import { LabError, UsageError } from '../errors.ts';
import { jaegerTraceOfOrder } from '../receivers/jaeger-query.ts';
import type { Span } from '../receivers/span.ts';
import { startShops } from '../topology/start-shop.ts';
import { awaitTrace } from '../trace/await-trace.ts';
import { lostSpansOf } from '../trace/lost-spans.ts';
import { renderTax } from '../trace/tax-text.ts';
import { renderWaterfall, type BrewTrace } from '../trace/waterfall-text.ts';
import { writeTracePage } from '../trace/write-trace-page.ts';
import { connectControl, type ControlClient } from './control-client.ts';
import { createProgress, print, terminalWidth, wantsColor } from './terminal.ts';

const NEW_ORDER_TIMEOUT_MS = 40_000;
const OLD_ORDER_TIMEOUT_MS = 5_000;
const WAIT_SECONDS = 30;

interface TracedOrder extends BrewTrace {
  orderId: string;
}

interface TracedShop {
  name: string;
  baseUrl: string;
  processes: readonly { opsOrigin: string }[];
}

export interface TraceOptions {
  /** Origin of Jaeger's query service, to take the spans from there. */
  jaeger?: string | undefined;
}

/** Prints one order's trace in each brew, with where its time went, and writes the page. */
export async function trace(orderId: string | undefined, { jaeger }: TraceOptions): Promise<void> {
  if (jaeger !== undefined) return show([await orderInJaeger(jaeger, orderId)]);
  const control = await connectControl();
  if (orderId !== undefined) return show([await existingOrder(control, orderId)]);
  return show(control === undefined ? await ordersInNewShops() : await ordersInRunningShops(control));
}

async function show(orders: readonly TracedOrder[]): Promise<void> {
  print(`\n${renderWaterfall(orders, { width: terminalWidth(), color: wantsColor() })}\n`);
  print(`${renderTax(orders)}\n`);
  print(`As a page: ${await writeTracePage(orders, orders.map((order) => order.orderId))}`);
}

async function orderInJaeger(origin: string, orderId: string | undefined): Promise<TracedOrder> {
  if (orderId === undefined) throw new UsageError('--jaeger needs the id of an order');
  const spans = await jaegerTraceOfOrder(origin, orderId);
  if (spans.length === 0) throw new LabError(`Jaeger at ${origin} has no spans of order ${orderId} of the last seven days`);
  return { title: spans.some(({ service }) => service === 'monolith') ? 'monolith' : 'microservices', orderId, spans };
}

async function existingOrder(control: ControlClient | undefined, orderId: string): Promise<TracedOrder> {
  if (control === undefined) throw new LabError('nothing is up: start the shop with `make up`, or leave the order out to have one placed');
  const spans = await awaitTrace(async () => (await control.traceOfOrder(orderId))?.spans ?? [], { timeoutMs: OLD_ORDER_TIMEOUT_MS });
  const title = (await control.traceOfOrder(orderId))?.shop;
  if (title === undefined) throw new LabError(`no spans of order ${orderId} are known (the last 200,000 spans are kept)`);
  return { title, orderId, spans, lost: await lostIn(control.state.shops.find(({ name }) => name === title)) };
}

async function ordersInRunningShops(control: ControlClient): Promise<TracedOrder[]> {
  if (control.state.shops.length === 0) throw new LabError('the shop is still starting');
  return placeAndTrace(control.state.shops, async (_shop, orderId) => (await control.traceOfOrder(orderId))?.spans ?? []);
}

async function ordersInNewShops(): Promise<TracedOrder[]> {
  const running = await startShops(['monolith', 'microservices'], { env: { BREW_TIME_SCALE: '0.1' }, onProgress: createProgress() });
  try {
    return await placeAndTrace(running.shops, (shop, orderId) => Promise.resolve(running.shops.find(({ name }) => name === shop)?.traces.traceOfOrder(orderId) ?? []));
  } finally {
    await running.stop();
  }
}

/** One order in each shop, one shop after another; the first of a new process is not shown: it pays for everything that is done once. */
async function placeAndTrace(shops: readonly TracedShop[], read: (shop: string, orderId: string) => Promise<readonly Span[]>): Promise<TracedOrder[]> {
  const orders: TracedOrder[] = [];
  for (const shop of shops) {
    const { name, baseUrl } = shop;
    const journey = await startJourney(baseUrl);
    try {
      await journey.order('Espresso', { wait: WAIT_SECONDS });
      // Without waiting for the coffee: the answer is to be as quick as it can.
      const { order } = await journey.order('Espresso');
      const spans = await awaitTrace(() => read(name, order.id), { timeoutMs: NEW_ORDER_TIMEOUT_MS });
      orders.push({ title: name, orderId: order.id, spans, lost: await lostIn(shop) });
    } finally {
      await journey.close();
    }
  }
  if (orders.some(({ spans }) => spans.length === 0)) throw new LabError('no spans arrived: do OTEL_* variables send them elsewhere?');
  return orders;
}

async function lostIn(shop: TracedShop | undefined): Promise<BrewTrace['lost']> {
  return shop && lostSpansOf(shop.processes.map(({ opsOrigin }) => opsOrigin));
}
