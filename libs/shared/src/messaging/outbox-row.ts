import { CLOUD_EVENT_MEDIA_TYPE, type EventType, type MessageType } from '@doubleshot/contracts';
import type { z } from 'zod';
import { timeJson } from '../telemetry/json-time.ts';
import { currentTraceparent } from '../telemetry/traceparent.ts';
import type { OutboxRow } from './outbox.ts';
import { TRACEPARENT_HEADER } from './tracing.ts';
import { uuidV7 } from './uuid-v7.ts';

export interface MessageContent<D> {
  /** Who says so: `/doubleshot/<module>`. */
  source: string;
  /** Id of what the message is about. */
  subject: string;
  data: D;
}

/** A message ready to be sent: validated, with an id of its own and the trace context of now. */
export interface SealedMessage {
  messageId: string;
  payload: string;
  headers: Readonly<Record<string, string>>;
}

/** Builds the CloudEvent of a message and validates it against its schema. Throws when it does not match: the caller has a bug. */
export function sealMessage<D extends z.ZodType>(type: MessageType<string, D>, { source, subject, data }: MessageContent<z.input<D>>): SealedMessage {
  const traceparent = currentTraceparent();
  const event = {
    specversion: '1.0',
    id: uuidV7(),
    source,
    type: type.type,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  };
  const checked = type.schema.parse(event);
  return {
    messageId: checked.id,
    payload: timeJson('encode', () => JSON.stringify(checked)),
    headers: { 'content-type': CLOUD_EVENT_MEDIA_TYPE, ...(traceparent === undefined ? {} : { [TRACEPARENT_HEADER]: traceparent }) },
  };
}

/** An outbox row with a fact for the topic of its type. `key` is the subject unless told. Throws a `ZodError` when the data does not match the schema. */
export function outboxEvent<D extends z.ZodType>(type: EventType<string, D>, content: MessageContent<z.input<D>> & { key?: string }): OutboxRow {
  return { target: 'event', destination: type.topic, key: content.key ?? content.subject, ...sealMessage(type, content) };
}

/** An outbox row with work for the queues bound to `exchange` by `routingKey`. Throws a `ZodError` when the data does not match the schema. */
export function outboxTask<D extends z.ZodType>(
  type: MessageType<string, D>,
  content: MessageContent<z.input<D>> & { exchange: string; routingKey: string },
): OutboxRow {
  return { target: 'task', destination: content.exchange, key: content.routingKey, ...sealMessage(type, content) };
}

/** Columns of rows for `unnest` in a statement that inserts them with its own change: target, destination, key, message_id, payload, headers. */
export function outboxColumns(rows: readonly OutboxRow[]): readonly unknown[][] {
  return [
    rows.map(({ target }) => target),
    rows.map(({ destination }) => destination),
    rows.map(({ key }) => key),
    rows.map(({ messageId }) => messageId),
    rows.map(({ payload }) => payload),
    rows.map(({ headers }) => JSON.stringify(headers)),
  ];
}
