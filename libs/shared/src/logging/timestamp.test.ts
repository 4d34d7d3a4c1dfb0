import { afterEach, expect, test, vi } from 'vitest';
import { createTimestamp } from './timestamp.ts';

afterEach(() => { vi.useRealTimers(); });

test.each([
  ['within one second', ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.007Z', '2026-01-01T00:00:00.999Z']],
  ['over a second, a day and a year', ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z', '2027-01-01T00:00:01.050Z']],
  ['when the clock is set back', ['2026-01-01T00:00:10.500Z', '2026-01-01T00:00:09.500Z']],
])('lines %s have the time of their own', (_, times) => {
  const timestamp = createTimestamp();
  vi.useFakeTimers();
  expect(times.map((time) => {
    vi.setSystemTime(time);
    return timestamp();
  })).toEqual(times.map((time) => `,"@timestamp":"${time}"`));
});
