import type { Order } from '@doubleshot/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchStreams } from '../audit/stream-watch.ts';
import { LabError } from '../errors.ts';
import type { Journey } from './journey.ts';

/** An order that was waited for. */
export interface WaitedOrder {
  way: string;
  order: Order;
  elapsedMs: number;
  /** What came back meanwhile. */
  saw: string;
}

const WAIT_SECONDS = 20;
const POLL_MS = 100;
const DEADLINE_MS = 30_000;

/** Waits for a coffee in each of the four ways that the order API offers; reports each as it is done. */
export async function waitInFourWays(journey: Journey, baseUrl: string, onOrder: (waited: WaitedOrder) => void): Promise<WaitedOrder[]> {
  const waited: WaitedOrder[] = [];
  for (const way of [block, poll, longPoll, (at: Journey) => beCalled(at, baseUrl)]) {
    const begin = performance.now();
    const one = { ...(await way(journey)), elapsedMs: performance.now() - begin };
    if (one.order.status !== 'ready') throw new LabError(`the order ${one.order.id} is still ${one.order.status} after ${Math.round(one.elapsedMs)} ms (${one.way})`);
    waited.push(one);
    onOrder(one);
  }
  return waited;
}

type Outcome = Omit<WaitedOrder, 'elapsedMs'>;

async function block(journey: Journey): Promise<Outcome> {
  const { order } = await journey.order('Espresso', { wait: WAIT_SECONDS });
  return { way: `block      POST with Prefer: wait=${WAIT_SECONDS}`, order, saw: `201 with the order ${order.status}` };
}

async function poll(journey: Journey): Promise<Outcome> {
  let current = await journey.order('Cappuccino');
  let unchanged = 0;
  const seen: string[] = [current.order.status];
  for (const deadline = performance.now() + DEADLINE_MS; current.order.status !== 'ready' && performance.now() < deadline; ) {
    await sleep(POLL_MS);
    const next = await journey.read(current.order.id, { unless: current.etag });
    if (next === undefined) unchanged += 1;
    else {
      current = next;
      seen.push(next.order.status);
    }
  }
  return { way: 'poll       GET with If-None-Match', order: current.order, saw: `${seen.join(' → ')}, ${unchanged} × 304` };
}

async function longPoll(journey: Journey): Promise<Outcome> {
  let current = await journey.order('Flat white');
  const seen: string[] = [current.order.status];
  for (const deadline = performance.now() + DEADLINE_MS; current.order.status !== 'ready' && performance.now() < deadline; ) {
    const next = await journey.read(current.order.id, { unless: current.etag, wait: WAIT_SECONDS });
    if (next === undefined) continue;
    current = next;
    seen.push(next.order.status);
  }
  return { way: 'long-poll  GET with If-None-Match and Prefer: wait', order: current.order, saw: seen.join(' → ') };
}

async function beCalled(journey: Journey, baseUrl: string): Promise<Outcome> {
  const heard: { orderId: string; told: string }[] = [];
  const streams = watchStreams({ baseUrl, customers: [journey.customer], onEvent: (event) => { heard.push(event); } });
  try {
    await streams.opened();
    const { order } = await journey.order('Mocha');
    const about = (): string[] => heard.filter((event) => event.orderId === order.id).map((event) => event.told);
    for (const deadline = performance.now() + DEADLINE_MS; !about().includes('notification') && performance.now() < deadline; ) await sleep(POLL_MS / 10);
    const final = await journey.read(order.id);
    return { way: 'be called  GET /stream', order: final?.order ?? order, saw: `events ${about().join(', ')}` };
  } finally {
    await streams.close();
  }
}
