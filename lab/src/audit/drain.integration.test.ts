import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { drain } from './drain.ts';

async function opsOrigin(metrics: string): Promise<string> {
  const server = createServer((_request, response) => response.end(metrics)).listen(0, '127.0.0.1');
  onTestFinished(() => { server.close(); });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['the gauge is there and 0', 'doubleshot_outbox_rows{module="auth"} 0\n', []],
  ['a gauge cannot be read', 'doubleshot_outbox_rows{module="auth"} NaN\n', [{ where: 'process auth does not tell of its pipes', count: 1 }]],
  ['a gauge is missing', 'other 1\n', [{ where: 'process auth does not tell of its pipes', count: 1 }]],
])('when %s, then the drain ends accordingly', async (_, metrics, expected) => {
  expect(await drain([{ name: 'auth', modules: ['auth'], opsOrigin: await opsOrigin(metrics) }], { deadlineMs: 1_500 })).toEqual(expected);
});

test('when some may still move, then the drain ends with so many, and not with one more', async () => {
  const processes = [{ name: 'auth', modules: ['auth' as const], opsOrigin: await opsOrigin('doubleshot_outbox_rows{module="auth"} 5\n') }];
  expect(await drain(processes, { deadlineMs: 1_500, most: 5 })).toEqual([]);
  expect(await drain(processes, { deadlineMs: 1_500, most: 4 })).toEqual([{ where: 'outbox auth', count: 5 }]);
});
