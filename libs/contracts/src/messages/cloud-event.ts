import { z } from 'zod';
import { Id, Instant } from '../http/values.ts';
import type { TopicName } from './topics.ts';

/** Media type of a message: CloudEvents 1.0, structured mode. */
export const CLOUD_EVENT_MEDIA_TYPE = 'application/cloudevents+json';

/** CloudEvents 1.0 with the distributed-tracing extension. `subject` is the id of what the message is about; it is the partition key of an event. */
const envelope = {
  specversion: z.literal('1.0'),
  id: Id,
  source: z.string().min(1),
  subject: z.string().min(1),
  time: Instant,
  datacontenttype: z.literal('application/json'),
  traceparent: z.string().optional(),
};

/** A message type: its versioned name on the wire and the schema of its envelope. */
export interface MessageType<T extends string = string, D extends z.ZodType = z.ZodType> {
  /** `<thing>.<what happened>.v<version>` */
  type: T;
  description: string;
  data: D;
  schema: z.ZodType<CloudEvent<T, z.infer<D>>>;
}

export interface CloudEvent<T extends string = string, D = unknown> {
  specversion: '1.0';
  id: string;
  source: string;
  type: T;
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  traceparent?: string;
  data: D;
}

/** A fact, published to one topic of the event log. */
export interface EventType<T extends string = string, D extends z.ZodType = z.ZodType> extends MessageType<T, D> {
  topic: TopicName;
}

export function defineMessage<T extends string, D extends z.ZodType>(message: { type: T; description: string; data: D }): MessageType<T, D> {
  const schema = z.object({ ...envelope, type: z.literal(message.type), data: message.data });
  return { ...message, schema: schema as unknown as MessageType<T, D>['schema'] };
}

export function defineEvent<T extends string, D extends z.ZodType>(event: { type: T; topic: TopicName; description: string; data: D }): EventType<T, D> {
  return { ...defineMessage(event), topic: event.topic };
}
