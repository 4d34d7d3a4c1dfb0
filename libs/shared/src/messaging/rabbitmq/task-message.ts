import type { Message as Raw, MessageProperties, Options } from 'amqplib';
import type { Message, ParkedMessage } from '../message.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** What the adapter carries beside a message; never shown to a handler. */
const OWN = 'x-doubleshot-';
const KEY = `${OWN}key`;
const ATTEMPT = `${OWN}attempt`;
const REASON = `${OWN}reason`;
const PARKED_AT = `${OWN}parked-at`;
/** Headers that the broker adds. */
const BROKERS = /^x-(death|first-death-|last-death-|delivery-count$|acquired-count$)/;
/** Headers share a frame of the protocol. */
const LONGEST_REASON = 4_000;

export const KILLER_REASON = 'every consumer that handled it died';

/** A message on its way between queues. */
export interface Task {
  message: Message;
  attempt: number;
}

export interface OutgoingTask {
  content: Buffer;
  options: Options.Publish & { messageId: string };
}

/** For its first way, through an exchange: the routing key is the message's key. */
export function messageToAmqp({ id, headers, payload }: Message): OutgoingTask {
  return { content: Buffer.from(payload), options: { messageId: id, persistent: true, headers } };
}

/** For its way to a queue by name: the key travels as a header. */
export function taskToAmqp({ message, attempt }: Task): OutgoingTask {
  const { content, options } = messageToAmqp(message);
  return { content, options: { ...options, headers: { ...message.headers, [KEY]: message.key, [ATTEMPT]: attempt } } };
}

export function parkedToAmqp(task: Task, reason: string, parkedAt: Date): OutgoingTask {
  const { content, options } = taskToAmqp(task);
  const headers = { ...(options.headers as Record<string, unknown>), [REASON]: reason.slice(0, LONGEST_REASON), [PARKED_AT]: parkedAt.toISOString() };
  return { content, options: { ...options, headers } };
}

export function taskFromAmqp({ content, fields, properties }: Raw): Task {
  const all: Record<string, unknown> = properties.headers ?? {};
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (typeof value === 'string' && !name.startsWith(OWN) && !BROKERS.test(name)) headers[name] = value;
  const id: unknown = properties.messageId;
  return {
    message: { id: typeof id === 'string' ? id : uuidV7(), key: textOf(all[KEY]) ?? firstKeyOf(properties) ?? fields.routingKey, headers, payload: content.toString() },
    attempt: numberOf(all[ATTEMPT]) ?? 1,
  };
}

/** How many consumers were lost that held the task, in its present queue. */
export function lossesOf({ properties }: Raw): number {
  return numberOf(properties.headers?.['x-delivery-count']) ?? 0;
}

/** A task without a reason was parked by the broker, for the number of consumers it outlived: then `deaths` is what that number is. */
export function parkedFromAmqp(raw: Raw, queue: string, deaths: number): ParkedMessage {
  const { message, attempt } = taskFromAmqp(raw);
  const headers: Record<string, unknown> = raw.properties.headers ?? {};
  const reason = textOf(headers[REASON]);
  const parkedAt = reason === undefined ? deadSince(raw) : new Date(textOf(headers[PARKED_AT]) ?? 0);
  return { message, source: queue, group: queue, attempts: reason === undefined ? Math.max(attempt, deaths) : attempt, reason: reason ?? KILLER_REASON, parkedAt };
}

/** The broker changes the routing key of what it moves, and notes the one before. */
function firstKeyOf({ headers }: MessageProperties): string | undefined {
  return headers?.['x-death']?.at(-1)?.['routing-keys'][0];
}

function deadSince({ properties }: Raw): Date {
  return new Date((properties.headers?.['x-death']?.[0]?.time.value ?? 0) * 1_000);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
