import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askConditions, differingConditions, type BrewConditions } from './brew-conditions.ts';

const brew = (topology: string, settings: Partial<BrewConditions['databases'][number]> = {}): BrewConditions => ({
  topology,
  processes: [{ name: topology, node: '24.21.0', logLevel: 'info' }],
  databases: ['auth', 'orders'].map((name) => ({ name, version: '18.1', fsync: 'on', synchronousCommit: 'on', ...(name === 'orders' && settings) })),
});

async function opsOriginOf(level: string): Promise<string> {
  const server = createServer((request, response) => void response.end(request.url === '/log-level' ? JSON.stringify({ level }) : '')).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('when a brew is asked, then each process and each database answers for itself', async () => {
  const answers: Record<string, string> = { auth: '{"version":"18.1","fsync":"on","synchronousCommit":"on"}', orders: '{"version":"18.1","fsync":"off","synchronousCommit":"local"}' };
  const asked = await askConditions({
    topology: 'microservices',
    processes: [{ name: 'auth', opsOrigin: await opsOriginOf('info') }, { name: 'orders', opsOrigin: await opsOriginOf('debug') }],
    databases: ['auth', 'orders'],
    nodeOf: (process) => Promise.resolve(process === 'auth' ? '24.21.0' : '24.20.0'),
    query: (database) => Promise.resolve(answers[database] ?? ''),
  });
  expect(asked).toEqual({
    topology: 'microservices',
    processes: [{ name: 'auth', node: '24.21.0', logLevel: 'info' }, { name: 'orders', node: '24.20.0', logLevel: 'debug' }],
    databases: [{ name: 'auth', version: '18.1', fsync: 'on', synchronousCommit: 'on' }, { name: 'orders', version: '18.1', fsync: 'off', synchronousCommit: 'local' }],
  });
});

test('when all brews run under the same conditions, then nothing is to be said', () => {
  expect(differingConditions([brew('monolith'), brew('microservices')])).toEqual([]);
});

test('when one database of one brew commits in another way, then that is told, with who has what', () => {
  expect(differingConditions([brew('monolith'), brew('microservices', { synchronousCommit: 'off' })])).toEqual([
    'synchronous_commit is not the same everywhere (monolith on; microservices on and off): what comes of it is no difference of the brews',
  ]);
});
