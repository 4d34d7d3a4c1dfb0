import { expect, test } from 'vitest';
import type { BrewConditions } from './brew-conditions.ts';
import { buildReport } from './build-report.ts';
import { LIMITS, QUICK } from './comparison-settings.ts';
import { LIST_PRICES } from './cost/price.ts';

const asked = (topology: string, synchronousCommit: string): BrewConditions => ({
  topology,
  processes: [{ name: topology, node: '24.20.0', logLevel: 'warn' }],
  databases: [{ name: topology, version: '17.2', fsync: 'on', synchronousCommit }],
});
const reportOf = (...brews: BrewConditions[]): ReturnType<typeof buildReport> =>
  buildReport({ asked: brews, brews: [], rounds: [], saturation: [] }, { settings: QUICK, limits: LIMITS, seed: 1, prices: LIST_PRICES, exactCpuTime: true, backends: 'embedded', generatorCore: null });

test('when brews have said what they run with, then the report has that, and not what the lab expects', () => {
  const { environment, warnings } = reportOf(asked('monolith', 'on'), asked('microservices', 'on'));
  expect(environment).toMatchObject({
    node: '24.20.0',
    labNode: process.versions.node,
    postgres: 'PostgreSQL 17.2, embedded, a server for each brew',
    durability: 'fsync = on, synchronous_commit = on',
    logging: 'on in all brews, level warn, to a file',
  });
  expect(warnings.join('\n')).not.toContain('not the same everywhere');
});

test('when one brew commits less durably than the other, then both are named, and a warning says so first', () => {
  const { environment, warnings } = reportOf(asked('monolith', 'on'), asked('microservices', 'off'));
  expect(environment.durability).toBe('fsync = on, synchronous_commit = on and off');
  expect(warnings[0]).toContain('synchronous_commit is not the same everywhere (monolith on; microservices off)');
});
