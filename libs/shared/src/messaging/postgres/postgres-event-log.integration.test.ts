import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll } from 'vitest';
import { startPostgres, type EmbeddedPostgres } from '../../../../../lab/src/backends/postgres.ts';
import { eventLogContract } from '../contract/event-log-contract.ts';
import { createPostgresEventLog } from './postgres-event-log.ts';

let engine: EmbeddedPostgres;

beforeAll(async () => {
  engine = await startPostgres({ databases: ['log'] });
});
afterAll(() => engine.stop());

eventLogContract({
  name: 'postgres:',
  features: { system: 'postgresql', durable: true, multiProcess: true },
  open: () => Promise.resolve(createPostgresEventLog(engine.url('log'), { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 1_000 })),
  restartEngine: async () => {
    await engine.crash();
    await engine.start();
  },
});
