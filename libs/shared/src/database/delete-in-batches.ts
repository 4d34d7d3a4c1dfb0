import type { SqlExecutor, SqlStatement } from './database.ts';

const BATCH_ROWS = 1_000;
/** Bounds one run; what is left waits for the next. */
const MOST_BATCHES = 100;

/**
 * Runs a `DELETE … RETURNING 1` that takes, as its last parameter, how many rows it may delete, until it finds no more than that, so that no statement runs long.
 * For rows that others may delete at once (`FOR UPDATE SKIP LOCKED`). Resolves with how many rows went: 100 times 1,000 at most.
 */
export async function deleteInBatches(sql: SqlExecutor, statement: SqlStatement, values: readonly unknown[] = []): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const rows = await sql.query(statement, [...values, BATCH_ROWS]);
    deleted += rows.length;
    if (rows.length < BATCH_ROWS) break;
  }
  return deleted;
}
