import { pino } from 'pino';
import { Registry } from 'prom-client';
import { engine } from '../../../../../tests/setup/engine.ts';
import { eventLogContract } from '../contract/event-log-contract.ts';
import { createKafkaEventLog } from './kafka-event-log.ts';

const kafka = engine('kafka');

eventLogContract({
  name: 'kafka:',
  features: { system: 'kafka', durable: true, multiProcess: true },
  open: () => Promise.resolve(createKafkaEventLog(kafka.url, { logger: pino({ level: 'silent' }), metrics: new Registry(), drainDeadlineMs: 1_000 })),
  restartEngine: async () => {
    await kafka.kill();
    await kafka.start();
  },
});
