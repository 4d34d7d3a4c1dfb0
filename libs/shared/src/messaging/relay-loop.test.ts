import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRelayLoop, type Look, type RelayLoop } from './relay-loop.ts';

let loop: RelayLoop | undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await loop?.stop();
  vi.useRealTimers();
});

/** Finds what it is told, then nothing; `looks` holds when each look began. */
function loopThatFinds(found: readonly Look[], longestWaitMs = Infinity): { looks: number[]; loop: RelayLoop } {
  const looks: number[] = [];
  const startedAt = Date.now();
  loop = createRelayLoop({
    look: () => {
      looks.push(Date.now() - startedAt);
      return Promise.resolve(found[looks.length - 1] ?? 'nothing');
    },
    longestWaitMs: () => longestWaitMs,
  });
  return { looks, loop };
}

test('while nothing is found, it looks ever more rarely, and at least twice a second', async () => {
  const { looks, loop: started } = loopThatFinds([]);
  started.start();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(looks).toEqual([0, 100, 300, 700, 1_200, 1_700]);
});

test('when it finds as much as it takes, it looks again at once, and soon after it found less', async () => {
  const { looks, loop: started } = loopThatFinds(['full', 'full', 'some']);
  started.start();
  await vi.advanceTimersByTimeAsync(60);
  expect(looks).toEqual([0, 0, 0, 50]);
});

test('when it is woken, it looks at once, and often again', async () => {
  const { looks, loop: started } = loopThatFinds([]);
  started.start();
  await vi.advanceTimersByTimeAsync(1_800);
  looks.length = 0;
  started.wake();
  await vi.advanceTimersByTimeAsync(150);
  expect(looks).toEqual([1_800, 1_900]);
});

test('when it is woken soon many times, it looks once', async () => {
  const { looks, loop: started } = loopThatFinds([]);
  started.start();
  await vi.advanceTimersByTimeAsync(10);
  for (let time = 0; time < 5; time += 1) started.wakeSoon();
  await vi.advanceTimersByTimeAsync(10);
  expect(looks).toEqual([0, 11]);
});

test('when the table cannot be reached, it pauses, woken meanwhile or not', async () => {
  const { looks, loop: started } = loopThatFinds(['failed']);
  started.start();
  started.wake();
  await vi.advanceTimersByTimeAsync(250);
  expect(looks).toEqual([0, 200]);
});

test('looks no later than it is told to', async () => {
  const { looks, loop: started } = loopThatFinds([], 30);
  started.start();
  await vi.advanceTimersByTimeAsync(100);
  expect(looks).toEqual([0, 30, 60, 90]);
});

test('once stopped it looks no more', async () => {
  const { looks, loop: started } = loopThatFinds([]);
  started.start();
  await vi.advanceTimersByTimeAsync(10);
  await started.stop();
  started.wake();
  started.wakeSoon();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(looks).toEqual([0]);
});
