import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCircuit, type Circuit } from './circuit.ts';

beforeEach(() => { vi.useFakeTimers({ toFake: ['performance'] }); });
afterEach(() => { vi.useRealTimers(); });

function broken(): Circuit {
  const circuit = createCircuit({ faults: 3, pauseMs: 1_000 });
  for (let n = 0; n < 3; n += 1) circuit.failed();
  return circuit;
}

test('faults break it only when they come in a row', () => {
  const circuit = createCircuit({ faults: 3, pauseMs: 1_000 });
  circuit.failed();
  circuit.failed();
  circuit.succeeded();
  circuit.failed();
  circuit.failed();
  expect(circuit.allows()).toBe(true);
  circuit.failed();
  expect(circuit.allows()).toBe(false);
});

test('once broken, one call for each pause gets through', () => {
  const circuit = broken();
  vi.advanceTimersByTime(999);
  expect(circuit.allows()).toBe(false);
  vi.advanceTimersByTime(1);
  expect([circuit.allows(), circuit.allows()]).toEqual([true, false]);
  circuit.failed();
  vi.advanceTimersByTime(1_000);
  expect([circuit.allows(), circuit.allows()]).toEqual([true, false]);
});

test('late faults of calls that were under way do not put off the next trial', () => {
  const circuit = broken();
  vi.advanceTimersByTime(900);
  circuit.failed();
  vi.advanceTimersByTime(100);
  expect(circuit.allows()).toBe(true);
});

test('a call that succeeds closes it', () => {
  const circuit = broken();
  circuit.succeeded();
  circuit.failed();
  expect([circuit.allows(), circuit.allows()]).toEqual([true, true]);
});
