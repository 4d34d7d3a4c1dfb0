import { expect, test } from 'vitest';
import { outcomeOfError } from './retry-policy.ts';
import { TooEarlyError } from './too-early-error.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const retryDelaysMs = [200, 1_000, 30_000];
const early = new TooEarlyError('no contact yet');
const reason = 'TooEarlyError: no contact yet';

test.each([
  [-5_000, 200],
  [0, 200],
  [7_000, 7_000],
  [3_600_000, 30_000],
  [DAY_MS - 1, 30_000],
])('what came too early and is %i ms old is tried again after %i ms, however often it was tried', (ageMs, delayMs) => {
  expect(outcomeOfError(early, { attempt: 100, ageMs, retryDelaysMs })).toEqual({ kind: 'retry', delayMs, reason, counts: false, early: true });
});

test('from a day on its tries count, and the last one parks it with its reason', () => {
  expect(outcomeOfError(early, { attempt: 1, ageMs: DAY_MS, retryDelaysMs })).toEqual({ kind: 'retry', delayMs: 200, reason });
  expect(outcomeOfError(early, { attempt: 4, ageMs: DAY_MS, retryDelaysMs })).toEqual({ kind: 'park', reason: `${reason} (gave up after 4 tries)` });
});

test('a reason names nobody, however long it is', () => {
  const refused = new Error(`${'x'.repeat(475)} <ada@customers.example> is unknown`);
  expect(outcomeOfError(refused, { attempt: 1, ageMs: 0, retryDelaysMs: [] })).toEqual({ kind: 'park', reason: expect.not.stringContaining('ada@') as string });
});
