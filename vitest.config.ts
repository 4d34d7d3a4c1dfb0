import { defineConfig } from 'vitest/config';

const LEDGER = ['tests/e2e/ledger.e2e.test.ts', 'tests/e2e/planted/**/*.e2e.test.ts'];

// The suffix of a test file is its level: .test.ts needs no network, .integration.test.ts a real engine, .e2e.test.ts a running shop.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{libs,services}/*/src/**/*.test.ts', 'lab/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          // Loading everything anew for each file takes as long as the tests: they share a process, and take back what they change in it.
          isolate: false,
          // They wait more than they work.
          maxWorkers: 2,
          testTimeout: 20_000,
        },
      },
      { test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'integration',
          include: ['{libs,services}/*/src/**/*.integration.test.ts', 'lab/src/**/*.integration.test.ts'],
          globalSetup: ['tests/setup/postgres.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.e2e.test.ts'],
          exclude: LEDGER,
          globalSetup: ['tests/e2e/support/start-shops.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // These start shops of their own and kill them; nothing else may run beside them.
      { test: { name: 'ledger', include: LEDGER, testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false } },
    ],
  },
});
