import { API_BASE } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMenu } from '../../audit/stock.ts';
import { basketHash, createBasketSource, type Basket } from '../../load/basket.ts';
import { attemptOrder, type AttemptResult } from '../../load/place-order.ts';
import { runLoad } from '../../load/run-load.ts';
import type { Stage } from '../stage.ts';
import type { Scene, Trial } from '../trial.ts';

const TOGETHER = 50;
const LOST_ANSWERS = 40;
const KEPT_KEYS = 20;
const BURST_MS = 60_000;
const BURST_TIMES = 10;
const IDLE_CONNECTIONS = 500;
const SLOW_CLIENTS = 100;
/** What is accepted late in a flood, for each that is early on. */
const LEAST_KEPT_UP = 0.9;
const TRIES = 50;
const TRY_AGAIN_MS = 200;
const CLIENT_LEAVES_WITHIN_MS = 25;

/** F16: one key is one order, however often and whenever it is sent. */
export function keys(stage: Stage): Trial[] {
  return [
    {
      fault: 'F16',
      name: `one key ${TOGETHER} times at once`,
      inflict: async (scene) => {
        const place = await placing(scene);
        const key = randomUUID();
        const basket = place.nextBasket();
        await Promise.all(Array.from({ length: TOGETHER }, (_, index) => place.attempt(key, basket, index + 1)));
        return { kills: 0, faults: await place.untilAnswered(key, basket, TOGETHER + 1) };
      },
      expects: { works: ['menu', 'log in', 'order', 'look', 'told'] },
    },
    {
      fault: 'F16',
      name: 'the 201 is lost on its way',
      inflict: async (scene) => {
        const place = await placing(scene);
        const faults: string[] = [];
        for (let count = 0; count < LOST_ANSWERS; count += 1) {
          const [key, basket] = [randomUUID(), place.nextBasket()];
          await place.leaveEarly(key, basket, scene.random.below(CLIENT_LEAVES_WITHIN_MS));
          faults.push(...(await place.untilAnswered(key, basket, 2)));
        }
        return { kills: 0, faults };
      },
      expects: { works: ['menu', 'log in', 'order', 'look', 'told'] },
    },
    {
      fault: 'F16',
      name: 'a key after a restart of everything',
      inflict: async (scene) => {
        const place = await placing(scene);
        const wishes = Array.from({ length: KEPT_KEYS }, () => ({ key: randomUUID(), basket: place.nextBasket() }));
        const first = await Promise.all(wishes.map(({ key, basket }) => place.attempt(key, basket, 1)));
        await Promise.all(stage.shop.processes.map((process) => process.kill('SIGKILL')));
        await Promise.all(stage.shop.processes.map((process) => process.restart()));
        const again = await Promise.all(wishes.map(({ key, basket }) => place.attempt(key, basket, 2)));
        const forgotten = again.filter((result, index) => first[index]?.outcome === 'acknowledged' && (result.orderId !== first[index].orderId || result.replayed !== true));
        return { kills: stage.shop.processes.length, faults: forgotten.length === 0 ? [] : [`${forgotten.length} keys were not known any more`] };
      },
    },
  ];
}

interface Placing {
  nextBasket(): Basket;
  /** One attempt, in the ledger. */
  attempt(key: string, basket: Basket, number: number): Promise<AttemptResult>;
  /** Sends it and goes away before the answer is there, so that the outcome is unknown. */
  leaveEarly(key: string, basket: Basket, afterMs: number): Promise<void>;
  /** Attempts until one is acknowledged or refused; answers what went wrong when none is. */
  untilAnswered(key: string, basket: Basket, firstNumber: number): Promise<string[]>;
}

async function placing({ shop, parts, spare, random }: Scene): Promise<Placing> {
  const [customer] = spare;
  if (customer === undefined) throw new TypeError('a customer is needed whom the load leaves alone');
  const items = (await readMenu(parts.api)).map(({ id }) => id).sort();
  const { ledger, api } = parts;
  const begin = (key: string, basket: Basket, attempt: number): { start: string; entry: { key: string; customerId: string; payloadHash: string; attempt: number } } => {
    const start = new Date().toISOString();
    const entry = { key, customerId: customer.id, payloadHash: basketHash(basket), attempt };
    ledger.write({ line: 'begin', ...entry, start });
    return { start, entry };
  };
  const attempt: Placing['attempt'] = async (key, basket, number) => {
    const token = await customer.token();
    const { start, entry } = begin(key, basket, number);
    const result = await attemptOrder(api, { token, key, basket });
    ledger.write({ line: 'end', ...entry, start, end: new Date().toISOString(), ...result });
    return result;
  };
  return {
    nextBasket: createBasketSource(items, random),
    attempt,
    leaveEarly: async (key, basket, afterMs) => {
      const token = await customer.token();
      begin(key, basket, 1);
      const sent = httpRequest(`${shop.baseUrl}${API_BASE}/orders`, { method: 'POST', agent: false, headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, 'content-type': 'application/json' } });
      sent.on('error', () => undefined).end(JSON.stringify({ items: basket }));
      await sleep(afterMs);
      sent.destroy();
    },
    untilAnswered: async (key, basket, firstNumber) => {
      let last: AttemptResult | undefined;
      for (let tries = 0; tries < TRIES; tries += 1) {
        last = await attempt(key, basket, firstNumber + tries);
        // What is sold out is refused, and that is an answer, too.
        if (last.outcome !== 'unknown') return [];
        await sleep(TRY_AGAIN_MS);
      }
      return [`key ${key} was never answered: ${last?.reason ?? ''}`];
    },
  };
}

/** F15: far more than usual, and clients that only take up room. */
export function floods({ shop }: Stage): Trial[] {
  const shed = ['overloaded', 'rate_limited', 'unavailable', '503', '429'];
  return [
    {
      fault: 'F15',
      name: `${BURST_TIMES} times the orders`,
      inflict: async ({ parts, spare, rate, full, random, hold }) => {
        const over = new AbortController();
        const acceptedAt: number[] = [];
        const burst = runLoad({
          ...{ baseUrl: shop.baseUrl, ledger: parts.ledger, seed: random.below(1_000_000), pace: { rate: rate * BURST_TIMES }, durationMs: BURST_MS, signal: over.signal, customers: spare, connections: 256 },
          onAttempt: ({ outcome }) => { if (outcome === 'acknowledged') acceptedAt.push(performance.now()); },
        });
        const beganAt = performance.now();
        await hold(BURST_MS);
        over.abort();
        const endedAt = performance.now();
        const { orders, outcomes, acknowledgedPerSecond } = await burst;
        return {
          kills: 0,
          notes: [`of ${orders} more orders ${outcomes.acknowledged} were accepted (${Math.round(acknowledgedPerSecond)}/s), ${outcomes.refused} refused, ${outcomes.unknown} unknown`],
          faults: full ? fadingOf(acceptedAt, beganAt, endedAt) : [],
        };
      },
      expects: { only: { menu: shed, 'log in': shed, order: shed, look: shed }, recoversWithinMs: 30_000 },
    },
    {
      fault: 'F15',
      name: `${IDLE_CONNECTIONS} connections that say nothing, ${SLOW_CLIENTS} that say it slowly`,
      inflict: async ({ hold }) => {
        const { hostname, port } = new URL(shop.baseUrl);
        const over = new AbortController();
        const dial = async (index: number): Promise<void> => {
          const socket = connect(Number(port), hostname).on('error', () => undefined);
          over.signal.addEventListener('abort', () => socket.destroy());
          if (index >= SLOW_CLIENTS) return;
          await once(socket, 'connect').catch(() => undefined);
          for (const letter of 'GET /api/v1/menu HTTP/1.1\r\nHost: slow\r\nX-Slow: '.padEnd(10_000, 'w')) {
            if (over.signal.aborted || socket.destroyed) return;
            socket.write(letter);
            await sleep(200);
          }
        };
        const clients = Array.from({ length: IDLE_CONNECTIONS + SLOW_CLIENTS }, (_, index) => dial(index));
        await hold(BURST_MS);
        over.abort();
        await Promise.all(clients);
        return { kills: 0 };
      },
      expects: { works: ['menu', 'log in', 'order', 'look', 'told'] },
    },
  ];
}

/** A shop that does more and more in vain accepts fewer and fewer. */
function fadingOf(acceptedAt: readonly number[], beganAt: number, endedAt: number): string[] {
  const middle = (beganAt + endedAt) / 2;
  const early = acceptedAt.filter((at) => at < middle).length;
  const late = acceptedAt.filter((at) => at >= middle && at < endedAt).length;
  return late < LEAST_KEPT_UP * early ? [`${early} orders were accepted in the first half of the flood, and ${late} in the second`] : [];
}
