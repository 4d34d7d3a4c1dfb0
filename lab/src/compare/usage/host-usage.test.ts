import { expect, test } from 'vitest';
import { noiseBetween, parseHostUsage } from './host-usage.ts';

const STAT = 'cpu  100 10 50 800 5 3 7 25 4 0\ncpu0 1 1 1 1 1 1 1 1 1 0\n';

test('when the machine is read, then programs, steal and all time are told apart, and guests are not counted twice', () => {
  expect(parseHostUsage(STAT)).toEqual({ busyMs: 1_600, stealMs: 250, totalMs: 10_000 });
});

test('when others work beside us, then their cores and what the host took are known', () => {
  const before = { busyMs: 1_000, stealMs: 0, totalMs: 10_000 };
  const after = { busyMs: 3_500, stealMs: 200, totalMs: 14_000 };
  expect(noiseBetween(before, after, { cpuMs: 1_500, elapsedMs: 2_000 })).toEqual({ strangerCores: 0.5, stealShare: 0.05 });
});

test('when our own work was counted finer than the machine counts, then nobody is a stranger', () => {
  const same = { busyMs: 1_000, stealMs: 0, totalMs: 10_000 };
  expect(noiseBetween(same, same, { cpuMs: 5, elapsedMs: 1_000 })).toEqual({ strangerCores: 0, stealShare: 0 });
});

test('when the machine does not say, then nothing is known', () => {
  expect(noiseBetween(undefined, undefined, { cpuMs: 1, elapsedMs: 1 })).toEqual({ strangerCores: null, stealShare: null });
});
