// Who may import whom. Each rule says what to do instead, and tests/architecture has a probe that breaks it.
const TEST = '(\\.test\\.ts$|/testing/|/fixtures/|/contract/)';
const BUSINESS = 'gateway|auth|orders|notifications';

/** A driver may be loaded in its rooms alone; naming one of its types loads nothing and is allowed anywhere. */
function driver(name, packages, rooms) {
  return {
    name: `driver-${name}`,
    comment: `Only ${rooms.join(' and ')} may load ${name}: use the port that room offers.`,
    severity: 'error',
    from: { path: '^(libs|services|lab|scripts)/', pathNot: [TEST, ...rooms.map((room) => `^${room}`)] },
    to: { path: packages.split('|').map((start) => `node_modules/${start}`), dependencyTypesNot: ['type-only'] },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'contracts-are-a-leaf',
      comment: 'libs/contracts may import zod alone: what else is needed does not cross a boundary and belongs elsewhere.',
      severity: 'error',
      from: { path: '^libs/contracts/src', pathNot: TEST },
      to: { pathNot: ['^libs/contracts/src', 'node_modules/zod/'] },
    },
    {
      name: 'shared-knows-no-service',
      comment: 'libs/shared serves every process: let the service hand in what is needed.',
      severity: 'error',
      from: { path: '^libs/shared/src', pathNot: TEST },
      to: { path: '^(services|lab|tests|scripts)/' },
    },
    {
      name: 'services-do-not-import-services',
      comment: 'A service talks to another by HTTP or messages: put what both need into libs/contracts.',
      severity: 'error',
      from: { path: `^services/(${BUSINESS})/` },
      to: { path: `^services/(?!$1/)(${BUSINESS})/` },
    },
    {
      name: 'services-know-no-lab',
      comment: 'The lab starts services, not the other way round.',
      severity: 'error',
      from: { path: '^services/', pathNot: TEST },
      to: { path: '^(lab|tests|scripts)/' },
    },
    {
      name: 'monolith-takes-package-roots',
      comment: 'The monolith runs what a service exports: add it to the index.ts of that service.',
      severity: 'error',
      from: { path: '^services/monolith/' },
      to: { path: `^services/(${BUSINESS})/src/(?!index\\.ts$)` },
    },
    {
      name: 'nothing-imports-the-monolith',
      comment: 'The monolith is a composition root: nothing stands on it.',
      severity: 'error',
      from: { pathNot: '^services/monolith/' },
      to: { path: '^services/monolith/' },
    },
    {
      name: 'lab-sees-contracts-alone',
      comment: 'The lab knows a shop from outside: speak HTTP to its processes. Only a bench that measures a part of libs/shared alone loads it.',
      severity: 'error',
      from: { path: '^lab/', pathNot: [TEST, '^lab/bench/token-check\\.ts$'] },
      to: { path: '^(libs/shared|services|tests)/' },
    },
    {
      name: 'e2e-sees-the-lab-alone',
      comment: 'An end-to-end specification knows a shop from outside: start it by the lab, and speak HTTP to it.',
      severity: 'error',
      from: { path: '^tests/e2e/' },
      to: { path: '^(libs/shared|services|scripts|tests/(architecture|containers|planted))/' },
    },
    {
      name: 'packages-by-their-name',
      comment: 'Another package is imported by its name and its exports, not by a path into it.',
      severity: 'error',
      from: { path: '^(services|lab|scripts)/', pathNot: TEST },
      to: { path: '^libs/(contracts/src/(?!index\\.ts$)|shared/src/(?![^/]+/index\\.ts$))' },
    },
    {
      name: 'tests-are-not-for-production',
      comment: 'What production code needs does not lie in a test.',
      severity: 'error',
      from: { path: '^(libs|services|lab|scripts)/', pathNot: TEST },
      to: { path: ['\\.test\\.ts$', '^tests/', '^(libs|services|lab|scripts)/.*/(testing|fixtures|contract)/'] },
    },
    {
      name: 'cache-holds-copies',
      comment: 'A cache forgets at any time: keep what must not be forgotten (idempotency keys, refresh tokens) in the database. The menu alone is copied into it.',
      severity: 'error',
      from: { path: '^services/', pathNot: [TEST, '^services/orders/src/menu/'] },
      to: { path: '^libs/shared/src/cache/' },
    },
    driver('pg', 'pg/', ['libs/shared/src/database/', 'lab/src/backends/']),
    driver('pg-boss', 'pg-boss/', ['libs/shared/src/messaging/postgres/']),
    driver('pino', 'pino/|pino-http/|@elastic/ecs-pino-format/', ['libs/shared/src/logging/']),
    driver('opentelemetry-sdk', '@opentelemetry/sdk-|@opentelemetry/exporter-|@opentelemetry/instrumentation|@opentelemetry/resources/|@opentelemetry/context-async-hooks/', ['libs/shared/src/telemetry/']),
    driver('kafkajs', 'kafkajs/', ['libs/shared/src/messaging/kafka/']),
    driver('amqplib', 'amqplib/', ['libs/shared/src/messaging/rabbitmq/']),
    driver('ioredis', 'ioredis/', ['libs/shared/src/cache/']),
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or a third is missing.',
      severity: 'error',
      from: { path: '^(libs|services|lab|scripts|tests)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody uses this file: remove it.',
      severity: 'error',
      from: { orphan: true, path: '^(libs|services|lab|scripts)/', pathNot: [TEST, '\\.d\\.ts$', '/index\\.ts$', '/(main|telemetry)\\.ts$', '^scripts/'] },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere: a file is missing, or a package is not among the dependencies.',
      severity: 'error',
      from: { path: '^(libs|services|lab|scripts|tests)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'], mainFields: ['module', 'main', 'types'] },
  },
};
