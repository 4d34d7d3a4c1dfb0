import type { Logger } from 'pino';
import type { Database, Listener, Migration } from '../../database/index.ts';
import type { Message, Subscription } from '../message.ts';
import { TASK_QUEUE_SCHEMA } from './boss.ts';

export const BROADCAST_SCHEMA = 'task_broadcast';

export const BROADCAST_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-create-task-broadcast',
    sql: `CREATE SCHEMA IF NOT EXISTS ${TASK_QUEUE_SCHEMA}; CREATE UNLOGGED TABLE large (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, notice text NOT NULL, sent_at timestamptz NOT NULL DEFAULT now())`,
  },
];

/** Messages to every process that listens now, over NOTIFY. Nothing is kept. */
export interface Broadcasts {
  send(exchange: string, message: Message): Promise<void>;
  subscribe(exchange: string, handler: (message: Message) => void): Promise<Subscription>;
}

const CHANNEL = 'doubleshot_broadcast';
/** PostgreSQL takes less than 8,000 bytes; a larger notice lies in a table for a minute. */
const LARGEST_NOTICE_BYTES = 7_500;

type Notice = { exchange: string; message: Message } | { large: string };

export function createBroadcasts({ database, listener, logger }: { database: Database; listener: Listener; logger: Logger }): Broadcasts {
  const handlers = new Map<string, Set<(message: Message) => void>>();
  let listening: Promise<unknown> | undefined;
  let waiting: string[] = [];
  let batch: Promise<void> | undefined;
  let sending: Promise<void> = Promise.resolve();

  /** Notices that come while others are being sent go together. */
  function notify(notice: string): Promise<void> {
    waiting.push(notice);
    return (batch ??= sending.catch(() => undefined).then(() => {
      const notices = waiting;
      waiting = [];
      batch = undefined;
      return (sending = sendAll(notices));
    }));
  }

  async function sendAll(notices: readonly string[]): Promise<void> {
    await database.query({ name: 'task_broadcast.notify', text: 'SELECT pg_notify($1, notice) FROM unnest($2::text[]) AS n (notice)' }, [CHANNEL, notices]);
  }

  async function store(notice: string): Promise<string> {
    const [row] = await database.query<{ id: string }>(
      `WITH old AS (DELETE FROM task_broadcast.large WHERE sent_at < now() - interval '1 minute') INSERT INTO task_broadcast.large (notice) VALUES ($1) RETURNING id`,
      [notice],
    );
    return row?.id ?? '';
  }

  async function receive(text: string): Promise<void> {
    let notice = JSON.parse(text) as Notice;
    if ('large' in notice) {
      const [row] = await database.query<{ notice: string }>('SELECT notice FROM task_broadcast.large WHERE id = $1', [notice.large]);
      if (row === undefined) return;
      notice = JSON.parse(row.notice) as Notice;
    }
    if ('large' in notice) return;
    for (const handler of handlers.get(notice.exchange) ?? []) handler(notice.message);
  }

  return {
    send: async (exchange, { id, key, headers, payload }) => {
      const notice = JSON.stringify({ exchange, message: { id, key, headers, payload } } satisfies Notice);
      await notify(Buffer.byteLength(notice) <= LARGEST_NOTICE_BYTES ? notice : JSON.stringify({ large: await store(notice) } satisfies Notice));
    },
    subscribe: async (exchange, handler) => {
      const set = handlers.get(exchange) ?? new Set();
      // One function may be subscribed twice.
      const own = (message: Message): void => { handler(message); };
      handlers.set(exchange, set.add(own));
      await (listening ??= listener.listen(CHANNEL, (text) => {
        receive(text).catch((error: unknown) => { logger.warn({ err: error }, 'a broadcast was lost'); });
      }));
      return { close: () => Promise.resolve(void set.delete(own)) };
    },
  };
}
