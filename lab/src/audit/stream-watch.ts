import { API_BASE, Notification, OrderStatusChange } from '@doubleshot/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Customer } from '../load/customers.ts';
import { createEventStreamParser, type ServerSentEvent } from './event-stream.ts';
import type { ObservedStreamEvent } from './observation.ts';

const RECONNECT_DELAY_MS = 150;
const CONNECT_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 5_000;
/** Longer than the shop's heartbeat: a stream that says nothing for so long is dead. */
const SILENCE_TIMEOUT_MS = 45_000;

/** A customer who watches: one live connection for each, resumed behind the last event whenever it breaks. */
export interface StreamWatch {
  /** Everything that arrived, in order, repetitions included. */
  events: readonly ObservedStreamEvent[];
  /** Resolves when every stream has been opened once. */
  opened(): Promise<void>;
  close(): Promise<void>;
}

export interface StreamWatchOptions {
  baseUrl: string;
  customers: readonly Customer[];
  /** The first event wanted; unless told, everything from the beginning, so that nothing before the first connection is missed. */
  from?: 'beginning' | 'now';
  /** `receivedAt` by `performance.now()`. */
  onEvent?: (event: ObservedStreamEvent, receivedAt: number) => void;
}

export function watchStreams({ baseUrl, customers, from, onEvent }: StreamWatchOptions): StreamWatch {
  const events: ObservedStreamEvent[] = [];
  const stop = new AbortController();
  const agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: SILENCE_TIMEOUT_MS });
  const take = (event: ObservedStreamEvent): void => {
    events.push(event);
    onEvent?.(event, performance.now());
  };
  const watches = customers.map((customer) => watch({ url: `${baseUrl}${API_BASE}/stream`, agent, customer, from: from ?? 'beginning', take, signal: stop.signal }));
  return {
    events,
    opened: async () => { await Promise.all(watches.map((one) => one.opened)); },
    async close() {
      stop.abort();
      await Promise.all(watches.map((one) => one.ended));
      await agent.destroy();
    },
  };
}

interface Watch {
  url: string;
  agent: Agent;
  customer: Customer;
  from: 'beginning' | 'now';
  take: (event: ObservedStreamEvent) => void;
  signal: AbortSignal;
}

function watch(options: Watch): { opened: Promise<void>; ended: Promise<void> } {
  const opened = Promise.withResolvers<void>();
  // Behind event 0 is everything.
  let last = options.from === 'beginning' ? 0 : undefined;
  let connection = 0;
  const follow = async (): Promise<void> => {
    while (!options.signal.aborted) {
      await readStream(options, { last, connection: (connection += 1), onOpen: opened.resolve, onSeen: (seen) => { last = Math.max(last ?? 0, seen); } }).catch(() => undefined);
      if (!options.signal.aborted) await sleep(RECONNECT_DELAY_MS);
    }
    opened.resolve();
  };
  return { opened: opened.promise, ended: follow() };
}

interface Connection {
  /** Id of the last event seen; nothing for one that looks from now on. */
  last: number | undefined;
  connection: number;
  onOpen: () => void;
  onSeen: (id: number) => void;
}

async function readStream({ url, agent, customer, take, signal }: Watch, { last, connection, onOpen, onSeen }: Connection): Promise<void> {
  const headers = { authorization: `Bearer ${await customer.token()}`, accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': String(last) }) };
  const answer = await request(url, { dispatcher: agent, headers, signal });
  if (answer.statusCode !== 200) {
    await answer.body.dump();
    return;
  }
  onOpen();
  const parse = createEventStreamParser((event) => {
    const observed = observe({ customerId: customer.id, connection }, event);
    if (observed === undefined) return;
    onSeen(observed.streamId);
    take(observed);
  });
  answer.body.setEncoding('utf8');
  for await (const chunk of answer.body) parse(chunk as string);
}

function observe(where: Pick<ObservedStreamEvent, 'customerId' | 'connection'>, event: ServerSentEvent): ObservedStreamEvent | undefined {
  const streamId = Number(event.id);
  if (event.event === 'notification') return { ...where, streamId, orderId: Notification.parse(JSON.parse(event.data)).orderId, told: 'notification' };
  if (event.event !== 'order.status') return undefined;
  const change = OrderStatusChange.parse(JSON.parse(event.data));
  return { ...where, streamId, orderId: change.orderId, told: change.status };
}
