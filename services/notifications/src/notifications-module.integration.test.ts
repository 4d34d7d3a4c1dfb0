import { uuidV7, type EventLog, type Subscription, type TaskQueue } from '@doubleshot/shared/messaging';
import { expect, onTestFinished, test } from 'vitest';
import { openEventStream } from '../../../tests/setup/event-stream-client.ts';
import { startNotifications } from './testing/running-notifications.ts';

/** Counts the subscriptions that are open. */
function createCount(): { readonly open: number; counted(subscription: Promise<Subscription>): Promise<Subscription> } {
  let open = 0;
  return {
    get open() { return open; },
    async counted(subscription) {
      const { close } = await subscription;
      open += 1;
      return { close: async () => { open -= 1; await close(); } };
    },
  };
}

const countedQueue = (count: ReturnType<typeof createCount>) => (taskQueue: TaskQueue): TaskQueue => ({
  ...taskQueue,
  consume: (options) => count.counted(taskQueue.consume(options)),
  subscribeBroadcast: (...options) => count.counted(taskQueue.subscribeBroadcast(...options)),
});

test('when the log cannot be subscribed to at first, starting again leaves no subscription twice', async () => {
  const count = createCount();
  let refusals = 1;
  const openBeforeRetry: number[] = [];
  const wrapEventLog = (eventLog: EventLog): EventLog => ({
    ...eventLog,
    subscribe: (options) => (refusals-- > 0 ? Promise.reject(new Error('away')) : count.counted(eventLog.subscribe(options))),
  });
  const shop = await startNotifications({
    wrapTaskQueue: countedQueue(count),
    wrapEventLog,
    start: async (module) => {
      await expect(module.start()).rejects.toThrow('away');
      openBeforeRetry.push(count.open);
      await module.start();
      await module.start();
    },
  });
  onTestFinished(() => shop.close());
  expect([openBeforeRetry, count.open]).toEqual([[0], 4]);
});

test('closed while it starts, it leaves no subscription open', async () => {
  const count = createCount();
  const reached = Promise.withResolvers<undefined>();
  const hold = Promise.withResolvers<undefined>();
  const wrapEventLog = (eventLog: EventLog): EventLog => ({
    ...eventLog,
    subscribe: async (options) => {
      reached.resolve(undefined);
      await hold.promise;
      return count.counted(eventLog.subscribe(options));
    },
  });
  const shop = await startNotifications({
    wrapTaskQueue: countedQueue(count),
    wrapEventLog,
    start: async (module) => {
      const starting = module.start();
      await reached.promise;
      await module.close();
      hold.resolve(undefined);
      await starting;
      await module.start();
    },
  });
  onTestFinished(() => shop.close());
  expect(count.open).toBe(0);
});

test('when the process is about to end, open streams end and new ones are refused', async () => {
  const shop = await startNotifications();
  onTestFinished(() => shop.close());
  const userId = uuidV7();
  const openStream = (): ReturnType<typeof openEventStream> => openEventStream(`${shop.origin}/api/v1/stream`, { token: shop.tokenOf(userId) });
  const client = await openStream();
  onTestFinished(() => { client.close(); });
  shop.module.drain?.();
  await expect.poll(() => client.hasEnded()).toBe(true);
  const answer = await fetch(`${shop.origin}/api/v1/stream`, { headers: { authorization: `Bearer ${shop.tokenOf(userId)}` } });
  expect(answer.status).toBe(503);
  await answer.body?.cancel();
});
