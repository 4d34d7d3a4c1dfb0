import { expect, test } from 'vitest';
import { createKiller, type Killable } from './kills.ts';

const PLAN = [{ process: 'a', afterOrders: 1, delayMs: 0 }, { process: 'a', afterOrders: 2, delayMs: 0 }];
const process = (name: string, restart: () => Promise<void>): Killable => ({ name, kill: () => undefined, restart });

test('when all is up again, then the kills of each process are told, none included', async () => {
  const killer = createKiller(PLAN, [process('a', () => Promise.resolve()), process('b', () => Promise.resolve())], () => undefined);
  killer.at(5);
  expect(Object.fromEntries(await killer.settled())).toEqual({ a: 2, b: 0 });
});

test('when a process does not come up while nobody waits yet, then only settled rejects', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => { unhandled.push(reason); };
  globalThis.process.on('unhandledRejection', note);
  const killer = createKiller(PLAN, [process('a', () => Promise.reject(new Error('not ready')))], () => undefined);
  killer.at(1);
  await new Promise((resolve) => { setTimeout(resolve, 30); });
  globalThis.process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  await expect(killer.settled()).rejects.toThrow('not ready');
});
