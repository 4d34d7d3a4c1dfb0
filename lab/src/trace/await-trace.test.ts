import { expect, test } from 'vitest';
import type { Span } from '../receivers/span.ts';
import { awaitTrace } from './await-trace.ts';

const named = (name: string): Span => ({ traceId: 'aaaa', spanId: '1', service: 'monolith', name, kind: 'internal', startMs: 0, durationMs: 1, failed: false, attributes: {}, links: [] });

test('when the last operations are there and nothing more arrives, then the trace is whole', async () => {
  let now = 0;
  const arriving = [[], [named('place order')], [named('place order'), named('send email'), named('process notifications.inapp')]];
  let reads = 0;
  const spans = await awaitTrace(() => Promise.resolve(arriving[Math.min(reads++, 2)] ?? []), { timeoutMs: 10_000, now: () => (now += 400) });
  expect(spans).toHaveLength(3);
  expect(now).toBeLessThan(10_000);
});

test('when the last operations do not come, then what is there is answered after the time-out', async () => {
  let now = 0;
  expect(await awaitTrace(() => Promise.resolve([named('place order')]), { timeoutMs: 2_000, now: () => (now += 400) })).toHaveLength(1);
});
