import { BREWING_QUEUES, NOTIFICATION_QUEUES, type CloudEvent, type MessageType, type Queue } from '@doubleshot/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Delivery, Subscription } from './message.ts';
import { createMessageProcessor } from './process-message.ts';
import type { TaskQueue } from './task-queue.ts';

export interface ConsumeTasksOptions<T extends string, D extends z.ZodType> {
  taskQueue: TaskQueue;
  queue: string;
  type: MessageType<T, D>;
  /** Most tasks handled at once. */
  prefetch: number;
  /** Rejects to have the task retried; with `PoisonError`, parked. Must be safe to run twice for one task id. */
  handler: (task: CloudEvent<T, z.infer<D>>, delivery: Delivery) => Promise<void>;
  logger: Logger;
  metrics: Registry;
  /** One delay for each try after the first; then the task is parked. Those of the queue's contract unless told. */
  retryDelaysMs?: readonly number[];
}

/** Works on a queue. At least once, no order. Tasks that are malformed or of another type are parked. The caller closes the subscription. */
export function consumeTasks<T extends string, D extends z.ZodType>(options: ConsumeTasksOptions<T, D>): Promise<Subscription> {
  const { taskQueue, queue, type, prefetch, handler, logger, metrics } = options;
  const processor = createMessageProcessor({
    // The processor calls `handle` only with what `type.schema` accepted.
    routes: [{ type, handle: (task, delivery) => handler(task as CloudEvent<T, z.infer<D>>, delivery) }],
    unknownType: 'park',
    retryDelaysMs: options.retryDelaysMs ?? retryDelaysOf(queue),
    system: taskQueue.features.system,
    exchange: declarationOf(queue)?.exchange,
    tracing: taskQueue.tracing,
    logger,
    metrics,
  });
  return taskQueue.consume({ queue, prefetch, handler: processor });
}

function retryDelaysOf(queue: string): readonly number[] {
  const declared = declarationOf(queue);
  if (declared === undefined) throw new Error(`queue "${queue}" is not in the contracts: tell its retryDelaysMs`);
  return declared.retryDelaysMs;
}

function declarationOf(queue: string): Queue | undefined {
  return [...BREWING_QUEUES, ...NOTIFICATION_QUEUES].find(({ name }) => name === queue);
}
