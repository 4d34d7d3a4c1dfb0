import type { Registry } from 'prom-client';
import { deleteInBatches, quoteIdentifier, type Database } from '../database/index.ts';
import { counterOf } from '../telemetry/counter-of.ts';
import type { Inbox } from './inbox.ts';
import type { SqlStatement } from '../database/database.ts';

/** Longer than the event log keeps records, so that a topic replayed from its beginning meets every row. */
const RETENTION_DAYS = 30;
/** The lock of a row that another effect changes may have to be waited for. */
const EFFECT_DEADLINE_MS = 5_500;

/**
 * The head of a statement for {@link Inbox.once}, in a schema with the table of {@link INBOX_MIGRATION}: `recorded` has one row, or none for a message that came before.
 * A concurrent record of the same message is waited for (unique index).
 */
export function recordedOnce(schema: string): string {
  return `recorded AS (INSERT INTO ${quoteIdentifier(schema)}.inbox (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING message_id)`;
}

/** The inbox of the module whose schema this is. {@link INBOX_MIGRATION} makes its table. */
export function createInbox({ database, schema, metrics }: { database: Database; schema: string; metrics: Registry }): Inbox {
  const count = countInbox(schema, metrics);
  const table = `${quoteIdentifier(schema)}.inbox`;
  const find = { name: `${schema}.inbox.seen`, text: `SELECT 1 AS seen FROM ${table} WHERE consumer = $1 AND message_id = $2` };
  const trim = { name: `${schema}.inbox.trim`, text: trimOf(table) };

  return {
    once: async <Row extends object>(consumer: string, messageId: string, statement: SqlStatement, values: readonly unknown[]) => {
      const [row] = await database.query<Row>(statement, [consumer, messageId, ...values], { deadlineMs: EFFECT_DEADLINE_MS });
      count(consumer, row === undefined ? 'duplicate' : 'handled');
      return row;
    },
    seen: async (consumer, messageId) => {
      const seen = (await database.query(find, [consumer, messageId])).length > 0;
      if (seen) count(consumer, 'duplicate');
      return seen;
    },
    trim: () => deleteInBatches(database, trim, [RETENTION_DAYS]),
  };
}

/**
 * Steps from consumer to consumer, and takes the oldest of each, through the primary key: ids grow with time, so that no index by age is needed. What was handled long
 * after it was written stays its time.
 */
function trimOf(table: string): string {
  return `
    WITH RECURSIVE consumers AS (
      (SELECT i.consumer FROM ${table} i ORDER BY i.consumer LIMIT 1)
      UNION ALL
      SELECT (SELECT i.consumer FROM ${table} i WHERE i.consumer > c.consumer ORDER BY i.consumer LIMIT 1) FROM consumers c WHERE c.consumer IS NOT NULL
    )
    DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
      SELECT old.ctid FROM consumers c CROSS JOIN LATERAL (
        SELECT i.ctid FROM ${table} i
        WHERE i.consumer = c.consumer AND i.message_id < (SELECT uuidv7(make_interval(days => -$1::int))) AND i.handled_at < now() - make_interval(days => $1::int)
        ORDER BY i.message_id LIMIT $2 FOR UPDATE SKIP LOCKED
      ) old
    ))
    RETURNING 1`;
}

const OUTCOMES = ['handled', 'duplicate'] as const;

/** A duplicate is a hit: a message that came again after its effect. */
function countInbox(module: string, metrics: Registry): (consumer: string, outcome: (typeof OUTCOMES)[number]) => void {
  const messages = counterOf(metrics, { name: 'doubleshot_inbox_messages_total', help: 'Messages that an inbox was asked about, by outcome.', labelNames: ['module', 'consumer', 'outcome'] });
  return (consumer, outcome) => {
    // Both from the first on: a series that begins at zero shows its first increase.
    for (const each of OUTCOMES) messages.inc({ module, consumer, outcome: each }, each === outcome ? 1 : 0);
  };
}
