import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../lab/src/backends/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the `postgres` database of a server that lives as long as the test run. */
    postgresUrl: string;
  }
}

/** One real PostgreSQL for a run; `createTestDatabase` gives each test file a database of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url('postgres'));
  return () => postgres.stop();
}
