import { DatabaseUnavailableError, REQUEST_DEADLINE_MS } from '@doubleshot/shared/database';
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';

function work(): { run: () => Promise<string>; finish: () => void; fail: (error: Error) => void; readonly runs: boolean } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let runs = false;
  return { run: () => { runs = true; return promise; }, finish: () => { resolve('done'); }, fail: reject, get runs() { return runs; } };
}

test('lets as many in as it is wide, and the next when one leaves, in the order they came', async () => {
  const gate = createGate({ width: 2 });
  const works = [work(), work(), work(), work()];
  const results = works.map(({ run }) => gate.pass(run));
  expect(works.map(({ runs }) => runs)).toEqual([true, true, false, false]);
  works[1]?.finish();
  await expect.poll(() => works.map(({ runs }) => runs)).toEqual([true, true, true, false]);
  works.forEach(({ finish }) => { finish(); });
  expect(await Promise.all(results)).toEqual(['done', 'done', 'done', 'done']);
});

test('keeps its width after a failure', async () => {
  const gate = createGate({ width: 1 });
  await expect(gate.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await gate.pass(() => Promise.resolve('yes'))).toBe('yes');
});

test('turns those away who have waited too long', async () => {
  const gate = createGate({ width: 1, longestWaitMs: 20 });
  const [first, second] = [work(), work()];
  const running = gate.pass(first.run);
  await expect(gate.pass(second.run)).rejects.toMatchObject({ code: 'overloaded' });
  first.finish();
  await running;
  expect(second.runs).toBe(false);
  expect(await gate.pass(() => Promise.resolve('free again'))).toBe('free again');
});

test('when the database is away, tells those who wait at once', async () => {
  const gate = createGate({ width: 1 });
  const [first, second] = [work(), work()];
  const results = Promise.allSettled([gate.pass(first.run), gate.pass(second.run)]);
  first.fail(new DatabaseUnavailableError('gone'));
  expect(await results).toMatchObject([{ reason: { message: 'gone' } }, { reason: { message: 'gone' } }]);
  expect(second.runs).toBe(false);
});

test('tells work how much of its request is left after the wait', async () => {
  const gate = createGate({ width: 1 });
  const first = work();
  const left: number[] = [];
  const note = ({ deadlineMs }: { deadlineMs: number }): Promise<void> => {
    left.push(deadlineMs);
    return Promise.resolve();
  };
  const running = gate.pass(first.run);
  const waiting = gate.pass(note);
  await new Promise((resolve) => setTimeout(resolve, 50));
  first.finish();
  await Promise.all([running, waiting]);
  await gate.pass(note);
  const [waited = 0, atOnce = 0] = left;
  expect(waited).toBeLessThanOrEqual(REQUEST_DEADLINE_MS - 49);
  expect(atOnce).toBeGreaterThan(waited);
  expect(atOnce).toBeLessThanOrEqual(REQUEST_DEADLINE_MS);
});
