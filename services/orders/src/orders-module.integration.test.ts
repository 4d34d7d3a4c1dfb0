import { STATIONS } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import { startOrders } from './testing/running-orders.ts';

test('when a station cannot be served at first, starting again leaves no brewer twice', async () => {
  let [open, refusals] = [0, 0];
  const shop = await startOrders({
    wrapTaskQueue: (taskQueue) => ({
      ...taskQueue,
      consume: async (options) => {
        if (open === STATIONS.length - 1 && refusals === 0) {
          refusals += 1;
          throw new Error('away');
        }
        const { close } = await taskQueue.consume(options);
        open += 1;
        return { close: async () => { open -= 1; await close(); } };
      },
    }),
    start: async (module) => {
      await expect(module.start()).rejects.toThrow('away');
      expect(open).toBe(0);
      await module.start();
      await module.start();
    },
  });
  expect(open).toBe(STATIONS.length);
  await shop.module.close();
  await shop.module.start();
  expect(open).toBe(0);
  await shop.close();
});
