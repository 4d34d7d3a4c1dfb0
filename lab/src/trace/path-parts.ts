import type { Span } from '../receivers/span.ts';
import { isDatabaseSpan } from './span-names.ts';

/** What the time of an order is made of, in the order it is told. `how` says how the part is found. */
export const PARTS = {
  compute: 'what a span of the processes does itself: no child, no wait. Includes waiting for the event loop and for a database connection',
  serialisation: 'JSON read and written, measured in the process (doubleshot.decode_ms, doubleshot.encode_ms) and taken off compute; what drivers encode is in the part of their calls',
  database: 'spans of SQL statements and Redis commands, as the client sees them: the way there and back among it',
  network: 'an HTTP call without its server span: client, sockets and parsing on both sides',
  'outbox wait': 'from the commit of the row until the relay begins to send it',
  'broker wait': 'an event, from the beginning of its send until its handler begins: the way, the log, the poll',
  'queue wait': 'a task, from the beginning of its send until its handler begins',
  retries: 'a message, from its first try until the try that counted',
  brewing: 'the coffee: the time that the brewer was told to take (doubleshot.brewing_ms), the same in both brews',
  mail: 'the SMTP exchange, as the client sees it',
  'asked to wait': 'the client asked for the answer to wait (Prefer: wait)',
} as const;

export type Part = keyof typeof PARTS;

/** The network tax: what a call and a message within one process cost hardly anything of. The outbox is no part of it: it makes a 201 durable in either brew. */
export const TAX: readonly Part[] = ['serialisation', 'network', 'broker wait', 'queue wait'];

const OWN: Readonly<Record<string, Part>> = { relay: 'outbox wait', brew: 'brewing', 'send email': 'mail', 'wait for the order': 'asked to wait' };

/** The part of what a span does itself. */
export function partOfSpan(span: Span): Part {
  const own = OWN[span.name];
  if (own !== undefined) return own;
  if (isDatabaseSpan(span)) return 'database';
  if (span.kind === 'client') return 'network';
  return span.kind === 'producer' ? 'broker wait' : 'compute';
}

/** The part of a wait that ends when `next` begins. Only events have consumer groups. */
export function partOfWait(next: Span): Part {
  if (next.name === 'relay' || next.kind === 'producer') return 'outbox wait';
  if (next.kind === 'server') return 'network';
  if (next.kind !== 'consumer') return 'compute';
  return next.attributes['messaging.consumer.group.name'] === undefined ? 'queue wait' : 'broker wait';
}
