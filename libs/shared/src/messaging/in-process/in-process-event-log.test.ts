import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventLogContract } from '../contract/event-log-contract.ts';
import { uuidV7 } from '../uuid-v7.ts';
import { createInProcessEventLog } from './in-process-event-log.ts';

eventLogContract({ name: 'in-process:', features: { system: 'in_process', durable: false, multiProcess: false }, open: () => Promise.resolve(createInProcessEventLog({ drainDeadlineMs: 300 })) });

test('an empty key is a key like any other: its event is handled once, whatever else comes meanwhile', async () => {
  const log = createInProcessEventLog({ drainDeadlineMs: 300 });
  const handled: string[] = [];
  await log.declare([{ name: 'events', partitions: 1 }]);
  await log.subscribe({ group: 'readers', topics: ['events'], handler: async ({ message: { key } }) => {
    handled.push(key);
    if (key === '') await sleep(50);
    return { kind: 'done' };
  } });
  await log.publish('events', ['', 'a', 'b'].map((key) => ({ id: uuidV7(), key, headers: {}, payload: '' })));
  expect(handled.toSorted()).toEqual(['', 'a', 'b']);
  await log.close();
});
