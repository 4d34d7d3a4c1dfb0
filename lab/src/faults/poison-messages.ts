import { randomUUID } from 'node:crypto';

/** Records of `orders.v1` that no consumer can ever handle, and those that no log takes. */
export const POISON_KINDS = ['not JSON', 'wrong schema', 'too large'] as const;
export type PoisonKind = (typeof POISON_KINDS)[number];

export const POISONED_TOPIC = 'orders.v1';
export const POISONED_OUTBOX = 'outbox.orders';
/** A broker of Kafka takes 1,048,588 unless told otherwise. */
const LARGE_BYTES = 1_100_000;

/** So many, of each kind as many. `from`: how many there were before. */
export function poisonKinds(count: number, from = 0): PoisonKind[] {
  return Array.from({ length: count }, (_, index) => POISON_KINDS[(from + index) % POISON_KINDS.length] ?? 'not JSON');
}

/** Under which name the shop shows, and replays, what it parked of a kind. */
export function parkedIn(kind: PoisonKind): typeof POISONED_TOPIC | typeof POISONED_OUTBOX {
  return kind === 'too large' ? POISONED_OUTBOX : POISONED_TOPIC;
}

/**
 * Puts poison where every message of the orders module waits for the relay: from there it goes the way of all others, whatever log the shop stands on.
 * For the database that has the schema `orders`.
 */
export function poisonSql(kinds: readonly PoisonKind[]): string {
  const rows = kinds.map((kind) => `('event', '${POISONED_TOPIC}', '${randomUUID()}', '${randomUUID()}', '${payloadOf(kind)}')`);
  return `INSERT INTO orders.outbox (target, destination, key, message_id, payload) VALUES ${rows.join(', ')}`;
}

function payloadOf(kind: PoisonKind): string {
  switch (kind) {
    case 'not JSON':
      return '{';
    case 'wrong schema':
      return eventWith({ orderId: 'none' });
    case 'too large':
      return eventWith({ filler: 'x'.repeat(LARGE_BYTES) });
  }
}

function eventWith(data: object): string {
  return JSON.stringify({ specversion: '1.0', id: randomUUID(), source: '/poison', type: 'order.ready.v1', subject: randomUUID(), data });
}
