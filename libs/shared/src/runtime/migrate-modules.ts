import type { Logger } from 'pino';
import type { Environment } from '../config/environment.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Database } from '../database/database.ts';
import { isDatabaseUnavailable } from '../errors/error-code.ts';
import { createLogger } from '../logging/logger.ts';
import { BACKEND_SETTINGS, PROCESS_SETTINGS } from './common-settings.ts';
import type { ModuleDefinition } from './module.ts';
import { selectModules } from './process-settings.ts';
import { retryUntilDone } from './retry-until.ts';
import type { ProcessOptions } from './start-process.ts';
import { tellWaiting } from './tell-waiting.ts';

export interface MigrateModulesOptions {
  database: Database;
  modules: readonly ModuleDefinition[];
  logger: Logger;
  signal: AbortSignal;
}

/** Applies what is missing of the migrations of each module. Waits for a database that is away; rejects when `signal` aborts or a migration fails. */
export async function migrateModules({ database, modules, logger, signal }: MigrateModulesOptions): Promise<void> {
  const tell = tellWaiting(logger, 'the database (DATABASE_URL)');
  const onFailure = (error: unknown): void => {
    if (!isDatabaseUnavailable(error)) throw error;
    tell(error);
  };
  for (const { name, migrations } of modules) {
    if (migrations.length > 0) await retryUntilDone(() => database.migrate(name, migrations), { signal, onFailure });
  }
}

/** With `MIGRATE=only`: migrates and answers `true`, for then that was all there is to do. It asks for no setting beyond the database's. */
export async function migrateOnly({ name, modules }: ProcessOptions, environment: Environment, signal: AbortSignal): Promise<boolean> {
  const { MIGRATE } = parseSettings({ MIGRATE: BACKEND_SETTINGS.MIGRATE }, environment);
  const selected = selectModules(modules, environment);
  if (MIGRATE !== 'only' || !selected.some(({ needs }) => needs.includes('database'))) return false;
  const { DATABASE_URL: url, LOG_LEVEL: level } = parseSettings({ DATABASE_URL: BACKEND_SETTINGS.DATABASE_URL, LOG_LEVEL: PROCESS_SETTINGS.LOG_LEVEL }, environment);
  const logger = createLogger({ service: name, level });
  const { createDatabase } = await import('../database/index.ts');
  const database = createDatabase({ url, poolSize: 1, applicationName: name, logger });
  try {
    await migrateModules({ database, modules: selected, logger, signal });
    logger.info({ modules: selected.map((module) => module.name) }, 'migrated');
    return true;
  } finally {
    await database.close();
  }
}
