import type { CloudEvent, EventType } from '@doubleshot/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { EventLog } from './event-log.ts';
import type { Delivery, Subscription } from './message.ts';
import { createMessageProcessor, type MessageRoute } from './process-message.ts';
import { EVENT_RETRY_DELAYS_MS } from './retry-policy.ts';

/** What a consumer does with one type of event. Made by {@link onEvent}. */
export interface EventHandler extends MessageRoute {
  type: EventType;
}

/** Pairs an event type with its handler, typed by the schema. The handler must be safe to run twice for one event id. */
export function onEvent<T extends string, D extends z.ZodType>(
  type: EventType<T, D>,
  handle: (event: CloudEvent<T, z.infer<D>>, delivery: Delivery) => Promise<void>,
): EventHandler {
  // The processor calls `handle` only with what `type.schema` accepted.
  return { type, handle: (event, delivery) => handle(event as CloudEvent<T, z.infer<D>>, delivery) };
}

export interface ConsumeEventsOptions {
  eventLog: EventLog;
  /** Each group gets every event of the topics its handlers name. */
  group: string;
  handlers: readonly EventHandler[];
  logger: Logger;
  metrics: Registry;
  /** One delay for each try after the first; then the event is parked. {@link EVENT_RETRY_DELAYS_MS} unless told. */
  retryDelaysMs?: readonly number[];
}

/**
 * Consumes the topics of the given handlers. At least once; events of equal key one after another, also over retries.
 * Types of those topics without a handler are acknowledged. Malformed events are parked. The caller closes the subscription.
 */
export function consumeEvents({ eventLog, group, handlers, logger, metrics, retryDelaysMs = EVENT_RETRY_DELAYS_MS }: ConsumeEventsOptions): Promise<Subscription> {
  const topics = [...new Set(handlers.map(({ type }) => type.topic))];
  const { tracing, features } = eventLog;
  const handler = createMessageProcessor({ routes: handlers, unknownType: 'ignore', retryDelaysMs, system: features.system, tracing, logger, metrics });
  return eventLog.subscribe({ group, topics, handler });
}
