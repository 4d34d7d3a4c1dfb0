import type { Registry } from 'prom-client';
import { quoteIdentifier, type Database } from '../database/index.ts';
import { counterOf } from '../telemetry/counter-of.ts';
import type { Inbox } from './inbox.ts';
import type { SqlStatement } from '../database/database.ts';

/** Longer than the event log keeps records, so that a topic replayed from its beginning meets every row. */
const RETENTION_DAYS = 30;
const RECORDS_BETWEEN_TRIMS = 20_000;
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
  const trim = `DELETE FROM ${table} WHERE handled_at < now() - interval '${RETENTION_DAYS} days'`;
  let records = 0;

  function trimNowAndThen(): void {
    records = (records + 1) % RECORDS_BETWEEN_TRIMS;
    // Old rows that stay because a trim failed are met by the next one.
    if (records === 0) void database.query(trim).catch(() => undefined);
  }

  return {
    once: async <Row extends object>(consumer: string, messageId: string, statement: SqlStatement, values: readonly unknown[]) => {
      const [row] = await database.query<Row>(statement, [consumer, messageId, ...values], { deadlineMs: EFFECT_DEADLINE_MS });
      trimNowAndThen();
      count(consumer, row === undefined ? 'duplicate' : 'handled');
      return row;
    },
    seen: async (consumer, messageId) => {
      const seen = (await database.query(find, [consumer, messageId])).length > 0;
      if (seen) count(consumer, 'duplicate');
      return seen;
    },
  };
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
