import { expect, test } from 'vitest';
import type { Span } from '../receivers/span.ts';
import { commitToNotified } from './commit-to-notified.ts';

function span(spanId: string, parentSpanId: string, name: string, [startMs, endMs]: readonly [number, number], more: Partial<Span> = {}): Span {
  return { traceId: 'aa', spanId, parentSpanId, name, service: 'orders', kind: 'internal', startMs, durationMs: endMs - startMs, failed: false, attributes: {}, links: [], ...more };
}

const outcome = (what: string): Partial<Span> => ({ kind: 'consumer', attributes: { 'doubleshot.message.outcome': what } });

/** An order of two stations: the second made it ready. */
const ORDER = [
  span('place', 'post', 'place order', [0, 8]),
  span('brew 1', 'place', 'brew', [10, 30]),
  span('finish 1', 'brew 1', 'orders.finish-station', [25, 28]),
  span('brew 2', 'place', 'brew', [12, 45]),
  span('finish 2', 'brew 2', 'orders.finish-station', [40, 43]),
  span('relay', 'brew 2', 'relay', [40, 48]),
  span('send fact', 'relay', 'send orders.v1', [44, 48]),
  span('fact', 'send fact', 'process orders.v1', [47, 51], outcome('done')),
  span('send task', 'fact', 'send notifications', [50, 52]),
];
const email = span('email', 'send task', 'process notifications.email', [52, 90], outcome('done'));
const inapp = span('inapp', 'send task', 'process notifications.inapp', [53, 57], outcome('done'));

test('when an order was notified, then it counts from the end of the commit that made it ready to the end of the handling', () => {
  expect(commitToNotified([...ORDER, email, inapp])).toBe(14);
});

test('when a try failed, or a notification came again, then the first handling that was done counts', () => {
  const failed = span('failed', 'send task', 'process notifications.inapp', [52, 54], outcome('retry'));
  const again = span('again', 'send task', 'process notifications.inapp', [70, 71], outcome('done'));
  expect(commitToNotified([...ORDER, again, failed, inapp])).toBe(14);
});

test('when consumers begin traces of their own, then links lead to the commit', () => {
  const { parentSpanId: _, ...fact } = span('fact', '', 'process orders.v1', [47, 51], { ...outcome('done'), links: [{ traceId: 'aa', spanId: 'send fact' }] });
  expect(commitToNotified([...ORDER.filter(({ spanId }) => spanId !== 'fact'), fact, inapp])).toBe(14);
});

test('when nobody was told, or a span on the way was lost, then there is no time', () => {
  expect(commitToNotified([...ORDER, email])).toBeUndefined();
  for (const lost of ['finish 2', 'brew 2', 'relay', 'fact']) expect(commitToNotified([...ORDER, inapp].filter(({ spanId }) => spanId !== lost))).toBeUndefined();
});
