import type { CloudEvent, MessageType } from '@doubleshot/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Subscription } from './message.ts';
import { sealMessage, type MessageContent } from './outbox-row.ts';
import { createMessageProcessor } from './process-message.ts';
import type { TaskQueue } from './task-queue.ts';
import { fail, startSendSpan, traceparentOf, TRACEPARENT_HEADER } from './tracing.ts';

export interface BroadcastTaskOptions<D extends z.ZodType> extends MessageContent<z.input<D>> {
  taskQueue: TaskQueue;
  /** A fanout exchange. */
  exchange: string;
  type: MessageType<string, D>;
}

/** Sends a message to every process that listens now. Nothing is stored: what is lost must be found elsewhere. Rejects when the broker cannot be reached. */
export async function broadcastTask<D extends z.ZodType>({ taskQueue, exchange, type, source, subject, data }: BroadcastTaskOptions<D>): Promise<void> {
  const sealed = sealMessage(type, { source, subject, data });
  const span = startSendSpan({ system: taskQueue.features.system, destination: exchange, messageId: sealed.messageId, key: '' });
  const traceparent = traceparentOf(span);
  const headers = traceparent === undefined ? sealed.headers : { ...sealed.headers, [TRACEPARENT_HEADER]: traceparent };
  try {
    await taskQueue.broadcast(exchange, { id: sealed.messageId, key: '', headers, payload: sealed.payload });
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

export interface SubscribeBroadcastTasksOptions<T extends string, D extends z.ZodType> {
  taskQueue: TaskQueue;
  exchange: string;
  type: MessageType<T, D>;
  /** What it throws or rejects with is logged; the message is not sent again. */
  handler: (task: CloudEvent<T, z.infer<D>>) => void | Promise<void>;
  logger: Logger;
  metrics: Registry;
}

/** Receives every message broadcast on a fanout exchange from now on. Malformed ones are logged and dropped. The caller closes the subscription. */
export function subscribeBroadcastTasks<T extends string, D extends z.ZodType>(options: SubscribeBroadcastTasksOptions<T, D>): Promise<Subscription> {
  const { taskQueue, exchange, type, handler, logger, metrics } = options;
  const process = createMessageProcessor({
    routes: [{ type, handle: async (task) => { await handler(task as CloudEvent<T, z.infer<D>>); } }],
    unknownType: 'ignore',
    retryDelaysMs: [],
    system: taskQueue.features.system,
    tracing: taskQueue.tracing,
    logger,
    metrics,
  });
  const { signal } = new AbortController();
  return taskQueue.subscribeBroadcast(exchange, (message) => {
    void process({ message, source: exchange, group: exchange, attempt: 1, signal });
  });
}
