import { eventLogContract } from '../contract/event-log-contract.ts';
import { createInProcessEventLog } from './in-process-event-log.ts';

eventLogContract({ name: 'in-process:', features: { system: 'in_process', durable: false, multiProcess: false }, open: () => Promise.resolve(createInProcessEventLog({ drainDeadlineMs: 300 })) });
