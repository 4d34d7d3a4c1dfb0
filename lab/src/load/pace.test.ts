import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runPaced } from './pace.ts';

test('when answers are slow, then an open loop sends on, and each piece of work knows when it was due', async () => {
  const dueAt: number[] = [];
  const begin = performance.now();
  let running = 0;
  let most = 0;
  await runPaced({
    pace: { rate: 100 },
    count: 20,
    async work(_, intendedAt) {
      dueAt.push(intendedAt - begin);
      most = Math.max(most, (running += 1));
      await sleep(300);
      running -= 1;
    },
  });
  expect(most).toBeGreaterThan(10);
  expect(dueAt.map((at) => Math.round(at - (dueAt[0] ?? 0)))).toEqual(Array.from({ length: 20 }, (_, index) => index * 10));
});

test('when concurrency is fixed, then never more runs at once', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  await runPaced({
    pace: { concurrency: 3 },
    count: 30,
    async work() {
      most = Math.max(most, (running += 1));
      await sleep(1);
      running -= 1;
      done += 1;
    },
  });
  expect({ most, done }).toEqual({ most: 3, done: 30 });
});

test('when it is aborted, then it ends after what runs', async () => {
  const stop = new AbortController();
  let done = 0;
  await runPaced({
    pace: { rate: 1000 },
    durationMs: 60_000,
    signal: stop.signal,
    work() {
      done += 1;
      if (done === 5) stop.abort();
      return Promise.resolve();
    },
  });
  expect(done).toBe(5);
});

test('when neither count nor duration is given, then it is refused', async () => {
  await expect(runPaced({ pace: { rate: 1 }, work: () => Promise.resolve() })).rejects.toThrow('a count or a duration');
});
