import type { Migration, Transaction } from './database.ts';

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** The name of a schema or table quoted for SQL. Throws for a name that would need more than lower-case letters, digits and `_`. */
export function quoteIdentifier(name: string): string {
  if (!SCHEMA_NAME.test(name)) throw new Error(`"${name}" is not a name of lower-case letters, digits and underscores`);
  return `"${name}"`;
}

/**
 * Applies what is missing of `migrations` to `schema`, in order, in the running transaction.
 * Other processes that migrate the same schema wait for the advisory lock. Throws when the list's beginning is not what was applied before.
 */
export async function applyMigrations(transaction: Transaction, schema: string, migrations: readonly Migration[]): Promise<void> {
  const name = quoteIdentifier(schema);
  refuseDuplicates(migrations);
  await transaction.query(`SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)`);
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`doubleshot migrate ${schema}`]);
  await transaction.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
  await transaction.query(`SELECT set_config('search_path', $1, true)`, [name]);
  await transaction.query(
    `CREATE TABLE IF NOT EXISTS ${name}.schema_migrations (
       position int PRIMARY KEY, id text NOT NULL UNIQUE, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const applied = await transaction.query<{ id: string }>(`SELECT id FROM ${name}.schema_migrations ORDER BY position`);
  for (const [position, migration] of migrations.entries()) {
    const before = applied[position]?.id;
    if (before === migration.id) continue;
    if (before !== undefined) {
      throw new Error(`schema "${schema}": migration ${position + 1} is "${migration.id}", but "${before}" was applied there; the order of migrations must not change`);
    }
    await transaction.query(migration.sql);
    await transaction.query(`INSERT INTO ${name}.schema_migrations (position, id) VALUES ($1, $2)`, [position, migration.id]);
  }
}

function refuseDuplicates(migrations: readonly Migration[]): void {
  const ids = new Set<string>();
  for (const { id } of migrations) {
    if (ids.has(id)) throw new Error(`migration "${id}" is listed twice`);
    ids.add(id);
  }
}
