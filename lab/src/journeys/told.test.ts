import { expect, test } from 'vitest';
import { createToldRecorder, type ToldRecorder } from './told.ts';

function announce(told: ToldRecorder, orderId: string, at: number): void {
  told.event({ told: 'notification', orderId, customerId: 'ada', streamId: 1, connection: 1 }, at);
}

test('a backlog is gone when the last order that waited is announced, and drained as much faster as more orders were announced than came', () => {
  const told = createToldRecorder();
  for (const [orderId, at] of [['a', 10], ['b', 20], ['c', 30], ['d', 110], ['e', 150]] as const) told.accepted(orderId, at);
  announce(told, 'a', 15);
  expect(told.drainFrom(100).afterMs).toBe(Infinity);
  announce(told, 'd', 115);
  announce(told, 'b', 120);
  announce(told, 'c', 130);
  announce(told, 'e', 160);
  expect(told.drainFrom(100)).toEqual({ afterMs: 30, times: 3 });
});

test('where nothing waited, nothing had to be drained', () => {
  const told = createToldRecorder();
  told.accepted('a', 10);
  announce(told, 'a', 15);
  expect(told.drainFrom(100).afterMs).toBe(0);
});

test('it is told again with the first announcement of an order that was accepted since', () => {
  const told = createToldRecorder();
  told.accepted('early', 10);
  told.accepted('late', 110);
  announce(told, 'early', 120);
  expect([told.count(), told.againAfterMs(100)]).toEqual([2, Infinity]);
  announce(told, 'late', 150);
  expect(told.againAfterMs(100)).toBe(50);
});
