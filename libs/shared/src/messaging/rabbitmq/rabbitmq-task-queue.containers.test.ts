import { pino } from 'pino';
import { Registry } from 'prom-client';
import { engine } from '../../../../../tests/setup/engine.ts';
import { taskQueueContract } from '../contract/task-queue-contract.ts';
import { createRabbitMqTaskQueue } from './rabbitmq-task-queue.ts';

const rabbitmq = engine('rabbitmq');

taskQueueContract({
  name: 'amqp:',
  features: { system: 'rabbitmq', durable: true, multiProcess: true },
  open: () => createRabbitMqTaskQueue(rabbitmq.url, { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 1_000 }),
  restartEngine: async () => {
    await rabbitmq.kill();
    await rabbitmq.start();
  },
});
