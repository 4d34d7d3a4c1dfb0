import { expect, test } from 'vitest';
import { journeysOf } from './journey-clock.ts';

test('when some orders are never told of, then they count as slower than all others, and as long as was waited for them', () => {
  const due = new Map(Array.from({ length: 100 }, (_, index) => [`order ${index}`, index]));
  const notified = new Map([...due].slice(0, 90).map(([id, dueAt]) => [id, dueAt + 30]));
  const journeys = journeysOf(due, notified, 10_000);
  expect(journeys).toMatchObject({ count: 90, missing: 10, p50Ms: 30, p99Ms: 10_000 - 91, maxMs: 10_000 - 90 });
  expect(journeys.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(100);
});
