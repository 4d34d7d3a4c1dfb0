import type { Registry } from 'prom-client';
import { quoteIdentifier, type Database, type SqlExecutor } from '../database/index.ts';
import { counterOf } from '../telemetry/counter-of.ts';
import type { Inbox } from './inbox.ts';

/** Longer than the event log keeps records, so that a topic replayed from its beginning meets every row. */
const RETENTION_DAYS = 30;
const RECORDS_BETWEEN_TRIMS = 20_000;

/** The inbox of the module whose schema this is. {@link INBOX_MIGRATION} makes its table. */
export function createInbox({ database, schema, metrics }: { database: Database; schema: string; metrics: Registry }): Inbox {
  const count = countInbox(schema, metrics);
  const table = `${quoteIdentifier(schema)}.inbox`;
  const insert = {
    name: `${schema}.inbox.record`,
    text: `INSERT INTO ${table} (consumer, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1 AS recorded`,
  };
  const find = { name: `${schema}.inbox.seen`, text: `SELECT 1 AS seen FROM ${table} WHERE consumer = $1 AND message_id = $2` };
  const trim = `DELETE FROM ${table} WHERE handled_at < now() - interval '${RETENTION_DAYS} days'`;
  let records = 0;

  // A concurrent record of the same message makes this one wait for its outcome (unique index).
  async function recorded(sql: SqlExecutor, consumer: string, messageId: string): Promise<boolean> {
    return (await sql.query(insert, [consumer, messageId])).length > 0;
  }

  function trimNowAndThen(): void {
    records = (records + 1) % RECORDS_BETWEEN_TRIMS;
    // Old rows that stay because a trim failed are met by the next one.
    if (records === 0) void database.query(trim).catch(() => undefined);
  }

  return {
    once: async (consumer, messageId, effect) => {
      const outcome = await database.transaction(async (transaction) => {
        if (!(await recorded(transaction, consumer, messageId))) return 'duplicate';
        await effect(transaction);
        return 'handled';
      });
      trimNowAndThen();
      count(consumer, outcome);
      return outcome;
    },
    seen: async (consumer, messageId) => {
      const seen = (await database.query(find, [consumer, messageId])).length > 0;
      if (seen) count(consumer, 'duplicate');
      return seen;
    },
    record: async (consumer, messageId) => {
      await recorded(database, consumer, messageId);
      trimNowAndThen();
      count(consumer, 'handled');
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
