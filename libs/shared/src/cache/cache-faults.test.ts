import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCacheFaults } from './cache-faults.ts';

beforeEach(() => { vi.useFakeTimers({ toFake: ['performance'] }); });
afterEach(() => { vi.useRealTimers(); });

test('every fault is counted, few are logged, and the end of them once', async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  const metrics = new Registry();
  const faults = createCacheFaults({ logger, metrics });
  faults.over();
  for (let n = 0; n < 100; n += 1) faults.count(n === 0 ? 'failed' : 'skipped', 'no answer');
  vi.advanceTimersByTime(10_001);
  faults.count('away', 'connection refused');
  faults.over();
  faults.over();
  expect(lines).toMatchObject([
    { msg: 'doing without the cache', reason: 'no answer', faults: 1 },
    { msg: 'doing without the cache', reason: 'connection refused', faults: 100 },
    { msg: 'the cache answers again' },
  ]);
  expect(await metrics.metrics()).toMatch(/fault="failed"} 1\n.*fault="skipped"} 99\n.*fault="away"} 1/);
});
