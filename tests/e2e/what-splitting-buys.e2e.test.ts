import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIMITS, QUICK } from '../../lab/src/compare/comparison-settings.ts';
import type { ComparisonReport } from '../../lab/src/compare/report-schema.ts';
import { runComparison } from '../../lab/src/compare/run-comparison.ts';

/** Once each, and whatever else runs: what is told apart here is told apart by any machine. */
const ONCE = {
  ...QUICK,
  passes: 1,
  isolation: { passes: 1, ratePerSecond: 200, seconds: 1 },
  scaling: { replicas: 2, passes: 1, concurrency: 8, seconds: 1 },
  blastRadius: { broken: 'notifications', undisturbedSeconds: 3, brokenSeconds: 4, longestRecoverySeconds: 30 },
} as const;
const NOTHING_IS_VOID = { ...LIMITS, generatorCores: 100, strangerCores: Infinity, stealShare: 1 };

let folder: string;
let report: ComparisonReport;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doubleshot-buys-'));
  ({ report } = await runComparison({ settings: ONCE, sections: ['comparison', 'changes', 'isolation', 'scaling', 'blastRadius'], limits: NOTHING_IS_VOID, seed: 0, folder }));
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('when brews are compared, then each process and each database has said what it runs with', () => {
  const { asked = [], durability } = report.environment;
  expect(asked.map(({ processes, databases }) => [processes.map(({ name }) => name), databases.map(({ name }) => name)])).toEqual([
    [['monolith'], ['monolith']],
    [['gateway', 'auth', 'orders', 'notifications'], ['auth', 'orders', 'notifications', 'messaging']],
  ]);
  expect(durability).toBe('fsync = on, synchronous_commit = on');
});

test('when brews are compared, then an order of each was traced to its e-mail', () => {
  expect(report.trace?.missing).toEqual([]);
  expect(report.trace?.orders.map(({ topology, spans }) => [topology, spans.some(({ name }) => name === 'send email')])).toEqual([['monolith', true], ['microservices', true]]);
});

test('when a module changes, then each brew builds, tests and restarts one process', () => {
  const { rows = [], failures } = report.changes ?? {};
  expect(failures).toEqual([]);
  expect(rows).toHaveLength(4 * 2);
  for (const { topology, module, buildMs, testMs, restartMs, processes } of rows) {
    expect({ processes, n: [buildMs.n, testMs.n, restartMs.n] }).toEqual({ processes: [topology === 'monolith' ? 'monolith' : module], n: [1, 1, 1] });
  }
});

test('when notifications are busy, then cached reads wait for them in the monolith', () => {
  const [monolith, microservices] = report.isolation?.rows ?? [];
  expect([monolith?.topology, microservices?.topology]).toEqual(['monolith', 'microservices']);
  expect(monolith?.ratio.estimate).toBeGreaterThan(1);
});

test('when there are two replicas, then both are at work', () => {
  const rows = report.scaling?.rows ?? [];
  expect(rows.map(({ replicas }) => replicas)).toEqual([{ monolith: 1 }, { monolith: 2 }, { gateway: 1, auth: 1, orders: 1, notifications: 1 }, { gateway: 1, auth: 1, orders: 2, notifications: 1 }]);
  expect(rows.every(({ cpuMicros }) => cpuMicros.median > 0)).toBe(true);
  expect((rows[1]?.rssBytes.median ?? 0) / (rows[0]?.rssBytes.median ?? 1)).toBeGreaterThan(1.3);
});

test('when notifications are killed, then nothing of the monolith goes on, orders of the microservices do, and both recover', () => {
  const rows = report.blastRadius?.rows ?? [];
  expect(rows.map(({ topology, part, fault }) => `${topology}: ${part} ${fault}`)).toEqual(['monolith: notifications killed', 'microservices: notifications killed']);
  const [monolith, microservices] = rows;
  expect(Object.values(monolith?.journeys ?? {}).filter((effect) => effect === 'works')).toEqual([]);
  expect([microservices?.journeys['menu'], microservices?.journeys['order']]).not.toContain('fails');
  expect(microservices?.journeys['told']).not.toBe('works');
  expect(rows.map(({ recoveryMs }) => recoveryMs)).not.toContain(null);
});
