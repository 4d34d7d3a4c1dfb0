import { defineConfig } from 'vitest/config';
import { readEnvironment } from './lab/src/environment.ts';

const LEDGER = ['tests/e2e/ledger.e2e.test.ts', 'tests/planted/planted-bugs.e2e.test.ts'];
/** Needs Prometheus, which runs beside the brews in containers. */
const PROMETHEUS = 'tests/e2e/prometheus.e2e.test.ts';
/** In `make test-full` alone, as all that take minutes. */
const DEMO = 'tests/e2e/{demo,what-splitting-buys}.e2e.test.ts';
const FAULTS = ['tests/e2e/{steps,kill-at-steps,poison}.e2e.test.ts', 'tests/planted/further-bugs.e2e.test.ts'];
const FAULTS_IN_CONTAINERS = ['tests/containers/replicas.containers.test.ts'];

// What cannot run is listed by name, without what it would need.
const engines = (setup: string): string[] => (readEnvironment()['LIST_TESTS'] === undefined ? [setup] : []);

// The suffix of a test file is its level: .test.ts needs no network, .integration.test.ts PostgreSQL from npm, .containers.test.ts a container engine,
// .e2e.test.ts a running shop, .browser.test.ts a Chromium, .measurement.test.ts the machine to itself.
export default defineConfig({
  test: {
    // Removing a dozen containers takes its time; what is left of them would run beside the next level.
    teardownTimeout: 120_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{libs,services}/*/src/**/*.test.ts', 'lab/src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/e2e/support/**/*.test.ts'],
          exclude: ['**/*.{integration,measurement,containers}.test.ts', '**/node_modules/**'],
          // Loading everything anew for each file takes as long as the tests: they share a process, and take back what they change in it.
          isolate: false,
          // They wait more than they work.
          maxWorkers: 2,
          testTimeout: 20_000,
        },
      },
      { test: { name: 'browser', include: ['tests/browser/**/*.browser.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'], testTimeout: 60_000 } },
      // Manifests, rendered: needs kubectl, no cluster, and Python for the schemas.
      {
        test: {
          name: 'kubernetes',
          include: ['tests/{kubernetes,rehearsal}/**/*.test.ts'],
          exclude: ['**/*.containers.test.ts', '**/node_modules/**'],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['{libs,services}/*/src/**/*.integration.test.ts', 'lab/src/**/*.integration.test.ts'],
          globalSetup: ['tests/setup/postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait for leases and time-outs more than they work.
          maxWorkers: 4,
        },
      },
      // Kafka, RabbitMQ, Redis and PostgreSQL in containers; files run one after another, for some of them stop an engine.
      {
        test: {
          name: 'containers',
          include: ['{libs,services}/*/src/**/*.containers.test.ts', 'lab/src/**/*.containers.test.ts', 'tests/containers/**/*.containers.test.ts'],
          exclude: ['**/node_modules/**', ...FAULTS_IN_CONTAINERS],
          globalSetup: engines('tests/setup/engines.ts'),
          testTimeout: 90_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          exclude: [...LEDGER, ...FAULTS, DEMO, PROMETHEUS],
          globalSetup: ['tests/e2e/support/start-shops.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // The same specifications, against both brews in containers behind Nginx.
      {
        test: {
          name: 'e2e-containers',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          exclude: [...LEDGER, ...FAULTS, DEMO],
          env: { E2E_BACKENDS: 'containers' },
          globalSetup: engines('tests/e2e/support/start-container-shops.ts'),
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // What the manifests say, run by a container engine instead of a cluster.
      { test: { name: 'rehearsal', include: ['tests/rehearsal/**/*.containers.test.ts'], testTimeout: 240_000, hookTimeout: 120_000 } },
      // These start shops of their own and kill them; nothing else may run beside them.
      { test: { name: 'ledger', include: LEDGER, testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false } },
      // The method of the comparison, on servers of which is known what they cost.
      { test: { name: 'measurement', include: ['lab/src/**/*.measurement.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } },
      { test: { name: 'demo', include: [DEMO], testTimeout: 900_000, hookTimeout: 120_000 } },
      { test: { name: 'faults', include: FAULTS, testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false } },
      { test: { name: 'faults-containers', include: FAULTS_IN_CONTAINERS, testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
});
