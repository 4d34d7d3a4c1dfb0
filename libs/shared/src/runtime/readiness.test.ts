import { expect, test } from 'vitest';
import { createReadiness } from './readiness.ts';

test('a process is ready when nothing holds it back and every check resolves', async () => {
  const readiness = createReadiness('starting');
  readiness.add('orders', () => Promise.resolve());
  expect(await readiness.faults()).toEqual({ process: 'starting' });
  readiness.hold(undefined);
  expect(await readiness.faults()).toEqual({});
  readiness.add('auth', () => Promise.reject(new Error('no database')));
  expect(await readiness.faults()).toEqual({ auth: 'no database' });
  readiness.hold('shutting down');
  expect(await readiness.faults()).toEqual({ process: 'shutting down' });
});

test('a check that hangs counts as a fault after a second', async () => {
  const readiness = createReadiness('starting');
  readiness.hold(undefined);
  readiness.add('orders', () => new Promise(() => undefined));
  const startedMs = performance.now();
  expect(await readiness.faults()).toEqual({ orders: 'no answer in 1000 ms' });
  expect(performance.now() - startedMs).toBeLessThan(4_000);
});
