import type { MessagingDeps } from './messaging-deps.ts';
import { registerScrapedGauge, type Sample } from './scraped-gauge.ts';
import type { TaskQueue } from './task-queue.ts';

/**
 * Opens the task queue a URL names: `in-process:`, `postgres://…` (pg-boss) or `amqp://…` (RabbitMQ; `amqps://…` with TLS). The adapter is loaded only when it is chosen. Whoever opens it closes it.
 * Connects lazily where it can: `ready()` tells whether the backend is there.
 */
export async function createTaskQueue(url: string, deps: MessagingDeps): Promise<TaskQueue> {
  const taskQueue = await open(url, deps);
  const forget = registerScrapedGauge(deps.metrics, {
    name: 'doubleshot_queue_depth',
    help: 'Tasks of a queue, by state.',
    labelNames: ['queue', 'state'],
    read: async () =>
      (await taskQueue.depths()).flatMap(({ queue, ready, retrying, dead }): Sample[] => [
        [{ queue, state: 'ready' }, ready],
        [{ queue, state: 'retrying' }, retrying],
        [{ queue, state: 'dead' }, dead],
      ]),
  });
  return {
    ...taskQueue,
    close: () => {
      forget();
      return taskQueue.close();
    },
  };
}

async function open(url: string, deps: MessagingDeps): Promise<TaskQueue> {
  const scheme = url.slice(0, url.indexOf(':') + 1);
  if (scheme === 'in-process:') return (await import('./in-process/in-process-task-queue.ts')).createInProcessTaskQueue(deps);
  if (scheme === 'postgres:' || scheme === 'postgresql:') return (await import('./postgres/postgres-task-queue.ts')).createPostgresTaskQueue(url, deps);
  if (scheme === 'amqp:' || scheme === 'amqps:') return (await import('./rabbitmq/rabbitmq-task-queue.ts')).createRabbitMqTaskQueue(url, deps);
  throw new Error(`TASK_QUEUE_URL: "${scheme}" is none of in-process:, postgres:, amqp:, amqps:`);
}
