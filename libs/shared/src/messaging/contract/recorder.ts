import type { Delivery, DeliveryHandler, Message, Outcome } from '../message.ts';
import { LARGEST_MESSAGE_BYTES } from '../message-too-large-error.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** A name that no other test uses. */
export function unique(prefix: string): string {
  return `${prefix}.${uuidV7().slice(-12)}`;
}

export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

export function message(key: string, payload = `{"for":"${key}"}`): Message {
  return { id: uuidV7(), key, headers: { 'content-type': 'application/json', 'x-key': key }, payload };
}

export function messages(count: number, keyOf: (n: number) => string): Message[] {
  return Array.from({ length: count }, (_, n) => message(keyOf(n), String(n)));
}

/** Remembers deliveries. */
export interface Recorder {
  readonly deliveries: readonly Delivery[];
  /** Different messages that were delivered. */
  distinct(): number;
  missing(sent: readonly Message[]): number;
  /** A handler that remembers and then answers `outcome`. */
  handler(outcome?: (delivery: Delivery) => Outcome | Promise<Outcome>): DeliveryHandler;
}

export const DONE: Outcome = { kind: 'done' };

export function createRecorder(): Recorder {
  const deliveries: Delivery[] = [];
  const ids = new Set<string>();
  return {
    deliveries,
    distinct: () => ids.size,
    missing: (sent) => sent.filter(({ id }) => !ids.has(id)).length,
    handler:
      (outcome = () => DONE) =>
      async (delivery) => {
        deliveries.push(delivery);
        ids.add(delivery.message.id);
        return outcome(delivery);
      },
  };
}

/** More than any engine has to take. */
export const TOO_LARGE = 'x'.repeat(1_100_000);
/** With id, key and headers just within the limit. */
export const LARGE = 'x'.repeat(LARGEST_MESSAGE_BYTES - 200);

/** A promise with its handles, for tests that hold a handler back. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => { resolve(); } };
}

/** Cuts a list into lists of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}
