import { expect, test, vi } from 'vitest';
import { createPeriodic } from './periodic.ts';

const noError = (error: unknown): void => {
  throw error;
};

test('the work is done again and again, never twice at once', async () => {
  let running = 0;
  let mostAtOnce = 0;
  let runs = 0;
  const work = async (): Promise<void> => {
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    runs += 1;
  };
  const periodic = createPeriodic({ intervalMs: 1, work, onError: noError });
  periodic.start();
  await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(3));
  await periodic.close();
  expect(mostAtOnce).toBe(1);
});

test('closing waits for the run under way, and nothing runs afterwards', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let [begun, ended] = [0, 0];
  const work = async (): Promise<void> => {
    begun += 1;
    await promise;
    ended += 1;
  };
  const periodic = createPeriodic({ intervalMs: 1, work, onError: noError });
  periodic.start();
  await vi.waitFor(() => expect(begun).toBe(1));
  const closing = periodic.close();
  resolve(undefined);
  await closing;
  expect([begun, ended]).toEqual([1, 1]);
  periodic.start();
  await new Promise((resume) => setTimeout(resume, 10));
  expect(begun).toBe(1);
});

test('after a failed run the next one comes', async () => {
  const errors: unknown[] = [];
  const work = (): Promise<void> => Promise.reject(new Error(`failure ${errors.length}`));
  const periodic = createPeriodic({ intervalMs: 1, work, onError: (error) => errors.push(error) });
  periodic.start();
  await vi.waitFor(() => expect(errors.length).toBeGreaterThanOrEqual(2));
  await periodic.close();
});

test('starting again does not double the runs', async () => {
  let [running, mostAtOnce, runs] = [0, 0, 0];
  const work = async (): Promise<void> => {
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    runs += 1;
  };
  const periodic = createPeriodic({ intervalMs: 1, work, onError: noError });
  for (let starts = 0; starts < 3; starts += 1) periodic.start();
  await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(3));
  periodic.start();
  await periodic.close();
  expect(mostAtOnce).toBe(1);
});

test('work that throws at once is a failed run like any other', async () => {
  const errors: unknown[] = [];
  const periodic = createPeriodic({ intervalMs: 1, work: () => { throw new Error('at once'); }, onError: (error) => errors.push(error) });
  periodic.start();
  await vi.waitFor(() => expect(errors.length).toBeGreaterThanOrEqual(2));
  await periodic.close();
});
