import { pino } from 'pino';
import { taskQueueContract } from '../contract/task-queue-contract.ts';
import { createInProcessTaskQueue } from './in-process-task-queue.ts';

const logger = pino({ level: 'silent' });

taskQueueContract({ name: 'in-process:', features: { system: 'in_process', durable: false, multiProcess: false }, open: () => Promise.resolve(createInProcessTaskQueue({ logger, drainDeadlineMs: 300 })) });
