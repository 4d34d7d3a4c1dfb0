import { createDatabase, createListener } from '../../database/index.ts';
import type { EventLog, SubscribeOptions } from '../event-log.ts';
import type { Subscription } from '../message.ts';
import { refuseTooLarge } from '../message-too-large-error.ts';
import { DRAIN_DEADLINE_MS, type MessagingDeps } from '../messaging-deps.ts';
import { uuidV7 } from '../uuid-v7.ts';
import { EVENT_LOG_MIGRATIONS, EVENT_LOG_SCHEMA } from './event-log-migrations.ts';
import { createRecordReader } from './event-log-reader.ts';
import { createEventLogWriter } from './event-log-writer.ts';
import { createEventLogTrimmer } from './event-log-trimmer.ts';
import { replayOf, startLogSubscription } from './log-subscription.ts';
import { createParkedEvents } from './parked-events.ts';
import { createPartitionLeases } from './partition-leases.ts';
import { QUEUE_PLANNER_SETTINGS } from './planner-settings.ts';
import { createWakeBus } from './wake-bus.ts';

/** With the listener four connections. */
const POOL_SIZE = 3;
const STATEMENT_DEADLINE_MS = 4_000;
const CHANNEL = 'doubleshot_event_log';

const LAG = `
  SELECT c.group_name AS "group", c.topic, sum(p.last - c.position)::int AS lag
  FROM event_log.cursors c JOIN event_log.partitions p USING (topic, partition) GROUP BY 1, 2 ORDER BY 1, 2`;

/**
 * The event log over PostgreSQL, for several processes. Durable: `publish` resolves after the commit. Makes its tables in schema `event_log` at the first `declare`.
 *
 * Within a group each partition belongs to one member at a time, by a lease of 4 s that is fenced: a member that was frozen cannot move a cursor it lost.
 * Cursors move only over handled records; what was not committed comes again after a crash. Records are kept 7 days, and until every group there is has handled them.
 */
export function createPostgresEventLog(url: string, deps: MessagingDeps): EventLog {
  const { logger } = deps;
  const applicationName = `${deps.clientName ?? 'doubleshot'} event log`;
  const database = createDatabase({
    url,
    poolSize: deps.poolSize ?? POOL_SIZE,
    applicationName,
    logger,
    acquireTimeoutMs: STATEMENT_DEADLINE_MS,
    statementDeadlineMs: STATEMENT_DEADLINE_MS,
    settings: QUEUE_PLANNER_SETTINGS,
  });
  const listener = createListener({ url, applicationName, logger });
  const bus = createWakeBus({ database, listener, channel: CHANNEL });
  const writer = createEventLogWriter(database);
  const parked = createParkedEvents(database);
  const read = createRecordReader(database);
  const trimmer = createEventLogTrimmer({ database, logger });
  const subscriptions = new Set<Subscription>();
  let migrated: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  function refuseClosed(): void {
    if (closed !== undefined) throw new Error('the event log is closed');
  }

  async function migrate(): Promise<void> {
    refuseClosed();
    migrated ??= database.migrate(EVENT_LOG_SCHEMA, EVENT_LOG_MIGRATIONS);
    try {
      await migrated;
      trimmer.start();
    } catch (error) {
      migrated = undefined;
      throw error;
    }
  }

  async function subscribe(options: SubscribeOptions): Promise<Subscription> {
    await migrate();
    for (const topic of options.topics) await writer.partitions(topic);
    const leases = createPartitionLeases({ database, group: options.group, member: uuidV7(), topics: options.topics });
    const running = await startLogSubscription({ ...options, leases, read, parked, bus, logger, drainDeadlineMs: deps.drainDeadlineMs ?? DRAIN_DEADLINE_MS });
    const subscription = {
      close: async () => {
        await running.close();
        subscriptions.delete(subscription);
      },
    };
    subscriptions.add(subscription);
    return subscription;
  }

  async function close(): Promise<void> {
    await trimmer.close();
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    await listener.close();
    await database.close();
  }

  return {
    features: { system: 'postgresql', durable: true, multiProcess: true },
    tracing: deps.tracing ?? 'parent-child',
    declare: async (topics) => {
      await migrate();
      await writer.declare(topics);
    },
    publish: async (topic, messages) => {
      await migrate();
      refuseTooLarge(topic, messages);
      await writer.append(topic, messages);
      bus.wake(topic);
    },
    subscribe,
    lag: async () => {
      await migrate();
      return database.query<{ group: string; topic: string; lag: number }>(LAG);
    },
    parked: async (topic, limit) => {
      await writer.partitions(topic);
      return parked.list(topic, limit);
    },
    replay: async (topic) => {
      await writer.partitions(topic);
      const groups = new Set((await parked.list(topic, GROUPS_LOOKED_AT)).map(({ group }) => group));
      const count = await parked.requestReplay(topic);
      for (const group of groups) bus.wake(replayOf(group));
      return count;
    },
    ready: async () => {
      refuseClosed();
      await database.ready();
    },
    close: () => (closed ??= close()),
  };
}

/** Parked records looked through for the groups to wake; a group that is missed looks by itself within a second. */
const GROUPS_LOOKED_AT = 1_000;
