import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../load/seeded-random.ts';
import type { FoundKnee } from '../saturation-schema.ts';
import { findKnee, type ProbeOutcome } from './find-knee.ts';

const SEARCH = { startAt: 100, tolerance: 0.03, lowest: 1, highest: 100_000 };

/** The 99th percentile of the time in a server that serves `capacity` a second, each in the same time, for arrivals by chance (M/D/1), by simulation. */
function p99OfQueue(rate: number, capacity: number, seed: number): number {
  const random = createSeededRandom(seed);
  let [now, freeAt] = [0, 0];
  const times = Array.from({ length: 10_000 }, () => {
    now -= Math.log(1 - random.next()) / rate;
    freeAt = Math.max(now, freeAt) + 1 / capacity;
    return freeAt - now;
  });
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
}

/** Where the queue breaks its objective, by halving. */
function kneeOfQueue(capacity: number, objectiveS: number): number {
  let [held, failed] = [capacity / 100, capacity];
  while (failed / held > 1.002) {
    const rate = Math.sqrt(held * failed);
    if (p99OfQueue(rate, capacity, 1) <= objectiveS) held = rate;
    else failed = rate;
  }
  return held;
}

async function search(holds: (rate: number) => boolean | ProbeOutcome, options = SEARCH): Promise<FoundKnee & { rates: number[] }> {
  const rates: number[] = [];
  const probe = (rate: number): Promise<ProbeOutcome> => {
    rates.push(rate);
    const outcome = holds(rate);
    return Promise.resolve(typeof outcome === 'boolean' ? { holds: outcome } : outcome);
  };
  return { ...(await findKnee({ ...options, probe })), rates };
}

describe.each([3, 40, 99, 100, 777, 25_000])('a server that bears %d a second', (capacity) => {
  test.each([1, 100, 30_000])('when the search begins at %d, then it is found to 3 %%', async (startAt) => {
    const { ratePerSecond, failedAtRatePerSecond, found, rates } = await search((rate) => rate <= capacity, { ...SEARCH, startAt });
    expect(found).toBe('between');
    expect(ratePerSecond).toBeLessThanOrEqual(capacity);
    expect(ratePerSecond).toBeGreaterThan(capacity / 1.0301);
    expect(failedAtRatePerSecond! / ratePerSecond!).toBeCloseTo(1.03);
    expect(rates.length).toBeLessThan(25);
  });
});

test.each([200, 1_500])('when a queue that serves %d a second is searched, then the knee is where its p99 breaks the objective', async (capacity) => {
  const objectiveS = 20 / capacity;
  const expected = kneeOfQueue(capacity, objectiveS);
  const { ratePerSecond } = await search((rate) => p99OfQueue(rate, capacity, 2) <= objectiveS);
  expect(Math.abs(ratePerSecond! / expected - 1)).toBeLessThan(0.06);
});

test('when one probe fails because the machine paused, then the search does not end there', async () => {
  let paused = false;
  const { ratePerSecond } = await search((rate) => {
    const pauses = !paused && rate > 600 && rate <= 1_000;
    paused ||= pauses;
    return !pauses && rate <= 1_000;
  });
  expect(ratePerSecond).toBeGreaterThan(1_000 / 1.0301);
});

test('when every rate holds, then the highest is told as a lower bound', async () => {
  const { ratePerSecond, failedAtRatePerSecond, found } = await search(() => true, { ...SEARCH, highest: 5_000 });
  expect({ found, failedAtRatePerSecond }).toEqual({ found: 'above', failedAtRatePerSecond: null });
  expect(ratePerSecond).toBeGreaterThan(5_000 / 1.0301);
});

test('when none holds, then there is no knee', async () => {
  expect(await search(() => false)).toMatchObject({ found: 'below', ratePerSecond: null });
});

test('when the generator gives up first, then the knee is told as its limit, and no rate as one that failed', async () => {
  const { ratePerSecond, failedAtRatePerSecond, found } = await search((rate) => (rate <= 900 ? true : { holds: null, limitedByGenerator: true }));
  expect({ found, failedAtRatePerSecond }).toEqual({ found: 'generator', failedAtRatePerSecond: null });
  expect(ratePerSecond).toBeGreaterThan(900 / 1.0301);
});

test('when nothing can be told of a rate, then the search ends with what held and what failed until then', async () => {
  const { ratePerSecond, failedAtRatePerSecond, found, rates } = await search((rate) => (rate > 800 && rate < 1_000 ? { holds: null } : rate <= 1_000));
  expect(found).toBe('disturbed');
  expect(ratePerSecond).toBeLessThanOrEqual(800);
  expect(rates).toContain(ratePerSecond);
  expect(failedAtRatePerSecond).toSatisfy((rate: number | null) => rate === null || rate > 1_000);
  expect(await search(() => ({ holds: null }))).toMatchObject({ found: 'disturbed', ratePerSecond: null, failedAtRatePerSecond: null, rates: [expect.any(Number)] });
});

test('when nothing can be told at the second try of what failed, then that does not make it a knee', async () => {
  const seen = new Set<number>();
  const { found, failedAtRatePerSecond } = await search((rate) => {
    const again = seen.has(rate);
    seen.add(rate);
    return again ? { holds: null } : rate <= 500;
  });
  expect(found).toBe('disturbed');
  expect(failedAtRatePerSecond).toBeGreaterThan(500);
});

test('when two searches are made on one path, then they try the same rates where they can', async () => {
  const first = await search((rate) => rate <= 500);
  const second = await search((rate) => rate <= 495);
  expect(second.rates.filter((rate) => first.rates.includes(rate)).length).toBeGreaterThan(4);
});
