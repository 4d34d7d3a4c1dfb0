import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';
import { startPostgres, type EmbeddedPostgres } from '../../../../../lab/src/backends/postgres.ts';
import { taskQueueContract } from '../contract/task-queue-contract.ts';
import { createPostgresTaskQueue } from './postgres-task-queue.ts';

let engine: EmbeddedPostgres;

beforeAll(async () => {
  engine = await startPostgres({ databases: ['queue'] });
});
afterAll(() => engine.stop());

taskQueueContract({
  name: 'postgres:',
  features: { system: 'postgresql', durable: true, multiProcess: true },
  open: () => Promise.resolve(createPostgresTaskQueue(engine.url('queue'), { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 1_000 })),
  restartEngine: async () => {
    await engine.crash();
    await engine.start();
  },
});
