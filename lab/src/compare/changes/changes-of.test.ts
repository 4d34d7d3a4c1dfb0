import { expect, test } from 'vitest';
import { parseTopology } from '../../topology/parse-topology.ts';
import { changesOf, type ChangedBrew } from './changes-of.ts';

function brew(topology: string): ChangedBrew {
  const { name, processes } = parseTopology(topology);
  return { shop: { name, baseUrl: '', processes: [], backends: [] }, groups: processes, codeBytes: Object.fromEntries(processes.map((group, index) => [group.name, { start: 50, total: 100 + index }])) };
}

const PAIRED = 'gateway+auth | orders+notifications';
const TIMES = {
  build: { monolith: [400, 410, 420], orders: [200] },
  test: { orders: [3_000] },
  restart: { monolith: { monolith: [900, 950, 1_000] }, microservices: { orders: [700] }, [PAIRED]: { 'orders+notifications': [800] } },
};

test('when a module changes, then each brew builds and restarts the one process that holds it, and tests that module', () => {
  const rows = changesOf(['monolith', 'microservices', PAIRED].map(brew), TIMES);
  expect(new Set(rows.map(({ module }) => module))).toEqual(new Set(['gateway', 'auth', 'orders', 'notifications']));
  expect(rows.filter(({ module }) => module === 'orders').map(({ topology, buildMs, testMs, restartMs, processes }) => [topology, buildMs.median, testMs.median, restartMs.median, ...processes])).toEqual([
    ['monolith', 410, 3_000, 950, 'monolith'],
    ['microservices', 200, 3_000, 700, 'orders'],
    // Several modules in one process run the monolith's program.
    [PAIRED, 410, 3_000, 800, 'orders+notifications'],
  ]);
});

test('when something has not been timed, then it has no values, and a module of which nothing has been has no row', () => {
  const rows = changesOf([brew('microservices')], { build: {}, test: {}, restart: { microservices: { orders: [700] } } });
  expect(rows).toEqual([expect.objectContaining({ module: 'orders', buildMs: expect.objectContaining({ n: 0 }), restartMs: expect.objectContaining({ n: 1 }), shippedBytes: 102 })]);
});
