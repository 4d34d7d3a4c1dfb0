import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRoomFixture } from './room-fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const CONFIG = join(ROOT, '.dependency-cruiser.cjs');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Violation {
  rule: { name: string };
  from: string;
  to: string;
}

/** The violations in a tree, and how many modules were looked at. */
async function cruise(folder: string): Promise<{ violations: Violation[]; modules: number }> {
  const output = await new Promise<string>((resolve, reject) => {
    // It exits with the number of violations: what it printed counts.
    execFile(process.execPath, [CRUISER, '--config', CONFIG, '--output-type', 'json', 'libs', 'services', 'lab', 'tests'], { cwd: folder, maxBuffer: 100_000_000 }, (_, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr));
      else resolve(stdout);
    });
  });
  const { summary } = JSON.parse(output) as { summary: { violations: Violation[]; totalCruised: number } };
  return { violations: summary.violations, modules: summary.totalCruised };
}

/** `rule: file` for every violation in the clean tree with these files added. */
async function brokenBy(files: Readonly<Record<string, string>>): Promise<string[]> {
  const fixture = await createRoomFixture(files);
  try {
    const { violations } = await cruise(fixture.folder);
    return [...new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`))].sort();
  } finally {
    await fixture.remove();
  }
}

type Probe = readonly [file: string, text: string];

const use = (path: string): string => `import * as used from '${path}';\nexport const use = used;`;

/** For each rule a file that breaks it, and nothing else does. */
const PROBES: Readonly<Record<string, Probe>> = {
  'contracts-are-a-leaf': ['libs/contracts/src/probe.ts', use('express')],
  'shared-knows-no-service': ['libs/shared/src/cache/probe.ts', use('../../../../lab/src/load.ts')],
  'services-do-not-import-services': ['services/orders/src/probe-service.ts', use('@doubleshot/auth')],
  'services-know-no-lab': ['services/orders/src/probe-lab.ts', use('../../../lab/src/load.ts')],
  'monolith-takes-package-roots': ['services/monolith/src/probe.ts', use('../../auth/src/auth-module.ts')],
  'nothing-imports-the-monolith': ['tests/planted/probe.ts', use('../../services/monolith/src/main.ts')],
  'lab-sees-contracts-alone': ['lab/src/probe-shared.ts', use('@doubleshot/shared/database')],
  'e2e-sees-the-lab-alone': ['tests/e2e/probe-service.ts', use('@doubleshot/orders')],
  'packages-by-their-name': ['services/orders/src/probe-path.ts', use('../../../libs/contracts/src/order.ts')],
  'tests-are-not-for-production': ['services/orders/src/probe-test.ts', use('./five.test.ts')],
  'cache-holds-copies': ['services/orders/src/probe-cache.ts', use('@doubleshot/shared/cache')],
  'driver-pg': ['services/orders/src/probe-pg.ts', use('pg')],
  'driver-pg-boss': ['libs/shared/src/database/probe-pg-boss.ts', use('pg-boss')],
  'driver-pino': ['libs/shared/src/database/probe-pino.ts', use('pino')],
  'driver-opentelemetry-sdk': ['libs/shared/src/database/probe-sdk.ts', use('@opentelemetry/sdk-node')],
  'driver-kafkajs': ['services/orders/src/probe-kafkajs.ts', use('kafkajs')],
  'driver-amqplib': ['services/orders/src/probe-amqplib.ts', `export const amqp = (): unknown => import('amqplib');`],
  'driver-ioredis': ['lab/src/probe-ioredis.ts', use('ioredis')],
  'no-cycles': ['services/orders/src/probe-cycle.ts', use('./probe-cycle.ts')],
  'no-orphans': ['services/orders/src/probe-alone.ts', 'export const alone = 1;'],
  resolvable: ['services/orders/src/probe-gone.ts', use('./gone.ts')],
};
/** Further ways to break a rule. */
const MORE_PROBES: readonly (readonly [rule: string, ...Probe])[] = [
  ['lab-sees-contracts-alone', 'lab/bench/probe-service.ts', use('@doubleshot/orders')],
  ['e2e-sees-the-lab-alone', 'tests/e2e/probe-shared.ts', use('@doubleshot/shared/database')],
  ['e2e-sees-the-lab-alone', 'tests/e2e/probe-planted.ts', use('../planted/bug.ts')],
  ['tests-are-not-for-production', 'services/orders/src/probe-testing.ts', use('./testing/driver.ts')],
  ['tests-are-not-for-production', 'libs/shared/src/database/probe-contract.ts', use('../messaging/contract/suite.ts')],
  ['tests-are-not-for-production', 'lab/src/probe-fixture.ts', `export const fixture = (): unknown => import('./fixtures/program.ts');`],
  ['driver-pg', 'libs/shared/src/messaging/postgres/probe-pg.ts', use('pg')],
  ['driver-opentelemetry-sdk', 'libs/shared/src/database/probe-resources.ts', use('@opentelemetry/resources')],
  ['driver-opentelemetry-sdk', 'services/orders/src/probe-context.ts', use('@opentelemetry/context-async-hooks')],
];
const ALLOWED = {
  'tests/planted/bug.ts': use('@doubleshot/orders'),
  'services/orders/src/testing/driver.ts': use('pg'),
  'libs/shared/src/messaging/contract/suite.ts': use('pg'),
  'lab/src/fixtures/program.ts': use('pg'),
  'lab/bench/token-check.ts': use('@doubleshot/shared/database'),
  'services/orders/src/five.test.ts': 'export const five = 5;',
  'services/orders/src/names-a-type.ts': `import type { Logger } from 'pino';\nexport const log = (logger: Logger): unknown => logger;`,
};

describe('who may import whom', () => {
  test('when the real tree is looked at, then no rule is broken', async () => {
    const { violations, modules } = await cruise(ROOT);
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    expect(modules).toBeGreaterThan(300);
  });

  test('when a clean tree is looked at, a type of a driver named in it, then no rule is broken', async () => {
    expect(await brokenBy(ALLOWED)).toEqual([]);
  });

  test('when the rules are listed, then each has a probe and says what to do instead', () => {
    const { forbidden } = createRequire(import.meta.url)(CONFIG) as { forbidden: { name: string; comment: string }[] };
    expect(forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(PROBES).sort());
    expect(forbidden.every(({ comment }) => comment.length > 20)).toBe(true);
  });

  test('when every rule is broken by its probe, then each says so of that file, and no rule of any other', async () => {
    const probes = [...Object.entries(PROBES).map(([rule, [file, text]]) => [rule, file, text] as const), ...MORE_PROBES];
    const files = Object.fromEntries(probes.map(([, file, text]) => [file, text]));
    expect(await brokenBy({ ...ALLOWED, ...files })).toEqual(probes.map(([rule, file]) => `${rule}: ${file}`).sort());
  });
});
