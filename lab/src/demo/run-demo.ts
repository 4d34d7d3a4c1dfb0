import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { renderComparisonTable } from '../compare/comparison-table.ts';
import { DEMO, LIMITS } from '../compare/comparison-settings.ts';
import { runComparison } from '../compare/run-comparison.ts';
import { LabError } from '../errors.ts';
import { ROOT } from '../paths.ts';
import type { Shop } from '../topology/shop.ts';
import { startShops } from '../topology/start-shop.ts';
import { awaitTrace } from '../trace/await-trace.ts';
import { lostSpansOf } from '../trace/lost-spans.ts';
import { renderTax } from '../trace/tax-text.ts';
import { renderWaterfall, type WaterfallOptions } from '../trace/waterfall-text.ts';
import { writeTracePage } from '../trace/write-trace-page.ts';
import { startJourney } from './journey.ts';
import { waitInFourWays, type WaitedOrder } from './ways-to-wait.ts';

export interface DemoOptions {
  print: (text?: string) => void;
  onProgress: (message: string) => void;
  terminal: WaterfallOptions;
}

const TOPOLOGIES = ['monolith', 'microservices'] as const;
/** A tenth of the real brewing time keeps the demo short and the bars readable. */
const ENVIRONMENT = { BREW_TIME_SCALE: '0.1' };
const MAIL_TIMEOUT_MS = 20_000;
/** It shows how a comparison looks, in a few seconds and whatever else runs; no brew is named from so few. */
const NOTHING_IS_VOID = { ...LIMITS, strangerCores: Infinity, stealShare: 1 };
const TRACE_TIMEOUT_MS = 15_000;
const POLL_MS = 50;

/** The whole shop in one go: both brews, four ways to wait for a coffee, notifications, traces, comparison. Stops what it started. */
export async function runDemo({ print, onProgress, terminal }: DemoOptions): Promise<void> {
  const running = await startShops(TOPOLOGIES, { env: ENVIRONMENT, onProgress });
  try {
    const orders: string[] = [];
    for (const shop of running.shops) orders.push(await visit(shop, print));
    onProgress('collecting the traces');
    const traces = await Promise.all(
      running.shops.map(async (shop, index) => ({
        title: shop.name,
        spans: await awaitTrace(() => Promise.resolve(shop.traces.traceOfOrder(orders[index] ?? '')), { timeoutMs: TRACE_TIMEOUT_MS }),
        lost: await lostSpansOf(shop.processes.map(({ opsOrigin }) => opsOrigin)),
      })),
    );
    if (traces.some(({ spans }) => spans.length === 0)) throw new LabError('no spans of the order arrived: traces cannot be shown');
    print(`\nOne order, traced through both brews\n\n${renderWaterfall(traces, terminal)}\n`);
    print(`${renderTax(traces)}\n`);
    print(`As a page: ${shownPath(await writeTracePage(traces, orders))}\n`);
  } finally {
    onProgress('stopping both brews');
    await running.stop();
  }
  const comparison = await runComparison({
    settings: DEMO,
    limits: NOTHING_IS_VOID,
    commands: () => ({ command: 'make compare', commands: {} }),
    onProgress: (message) => { onProgress(`comparing: ${message}`); },
  });
  print(`\nBoth brews under the same load\n\n${renderComparisonTable(comparison.report)}\n`);
  print(`The report: ${shownPath(comparison.htmlPath)}`);
}

/** Orders in four ways, then looks for what the customer was told; answers the order to trace. */
async function visit(shop: Shop, print: (text?: string) => void): Promise<string> {
  print(`\n${shop.name} at ${shop.baseUrl}: ${shop.processes.map((process) => `${process.name} (pid ${process.pid}, ready after ${Math.round(process.readyAfterMs)} ms)`).join(', ')}`);
  const journey = await startJourney(shop.baseUrl);
  try {
    print(`  registered and logged in ${journey.customer.email}`);
    const waited = await waitInFourWays(journey, shop.baseUrl, (one) => { print(`  ${line(one)}`); });
    await eventually(() => shop.mail.to(journey.customer.email).length >= waited.length, `${shop.name}: an e-mail for each of ${waited.length} orders`);
    const titles = await Promise.all(waited.map(({ order }) => journey.notificationsAbout(order.id)));
    if (titles.some((found) => found.length !== 1)) throw new LabError(`${shop.name}: not every order has exactly one stored notification`);
    const mails = shop.mail.to(journey.customer.email);
    print(`  notifications stored: ${titles.flat().length}, the last "${titles.flat().at(-1) ?? ''}"`);
    print(`  e-mails received: ${mails.length} of ${waited.length} expected, subject "${mails.at(-1)?.subject ?? ''}"`);
    return waited.at(-1)?.order.id ?? '';
  } finally {
    await journey.close();
  }
}

function line({ way, order, elapsedMs, saw }: WaitedOrder): string {
  return `${way.padEnd(52)} ${order.items[0]?.name.padEnd(11) ?? ''} ${String(Math.round(elapsedMs)).padStart(5)} ms  ${saw}`;
}

async function eventually(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = performance.now() + MAIL_TIMEOUT_MS; performance.now() < deadline; ) {
    if (condition()) return;
    await sleep(POLL_MS);
  }
  throw new LabError(`did not come within ${MAIL_TIMEOUT_MS / 1000} s: ${what}`);
}

function shownPath(path: string): string {
  return relative(ROOT, path);
}
