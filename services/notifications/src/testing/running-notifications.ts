import { EXCHANGES, NOTIFICATION_QUEUES, TOPICS, type EventType } from '@doubleshot/contracts';
import { createDatabase, type Database } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import { createHttpServer } from '@doubleshot/shared/http';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { createMailer } from '@doubleshot/shared/mail';
import { createEventLog, createTaskQueue, outboxEvent, type EventLog, type Message, type OutboxRow, type TaskQueue } from '@doubleshot/shared/messaging';
import type { ServiceModule } from '@doubleshot/shared/runtime';
import type { Principal, TokenVerifier } from '@doubleshot/shared/security';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { startMailReceiver, type MailReceiver } from '../../../../lab/src/receivers/mail-receiver.ts';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { createNotificationsModule, notificationsModule } from '../index.ts';
import { NOTIFICATIONS_SETTINGS } from '../settings.ts';

/** The module as a process runs it: real PostgreSQL, router over HTTP, in-process log and queue, real SMTP. */
export interface RunningNotifications {
  origin: string;
  database: Database;
  eventLog: EventLog;
  taskQueue: TaskQueue;
  mail: MailReceiver;
  module: ServiceModule;
  metrics: Registry;
  /** A token for a user, known to the verifier of this process. */
  tokenOf(userId: string, expiresAt?: Date): string;
  /** Resolves when every consumer has handled or parked it. */
  publish(message: Message, topic?: string): Promise<void>;
  close(): Promise<void>;
}

export interface RunningNotificationsOptions {
  settings?: Record<string, string>;
  smtpUrl?: string;
  /** In process unless told. */
  taskQueueUrl?: string;
  /** Wraps the queue, to lose what a broker may lose. */
  wrapTaskQueue?: (taskQueue: TaskQueue) => TaskQueue;
  /** Wraps the log, to have it fail. */
  wrapEventLog?: (eventLog: EventLog) => EventLog;
  /** Starts the module in another way than once. */
  start?: (module: ServiceModule) => Promise<void>;
}

export async function startNotifications(options: RunningNotificationsOptions = {}): Promise<RunningNotifications> {
  const logger = createSilentLogger();
  const metrics = new Registry();
  const database = createDatabase({ url: await createTestDatabase(), poolSize: 10, applicationName: 'test', logger });
  await database.migrate('notifications', notificationsModule.migrations);
  const openedLog = await createEventLog('in-process:', { logger, metrics });
  const eventLog = options.wrapEventLog?.(openedLog) ?? openedLog;
  await eventLog.declare(Object.values(TOPICS));
  const opened = await createTaskQueue(options.taskQueueUrl ?? 'in-process:', { logger, metrics });
  const taskQueue = options.wrapTaskQueue?.(opened) ?? opened;
  await taskQueue.declare({ exchanges: Object.values(EXCHANGES), queues: NOTIFICATION_QUEUES });
  const mail = await startMailReceiver();
  const mailer = createMailer(options.smtpUrl ?? mail.url, { from: 'Doubleshot <shop@doubleshot.example>' });
  const { tokens, tokenOf } = createKnownTokens();
  const settings = z.object(NOTIFICATIONS_SETTINGS).parse(options.settings ?? {});
  const module = createNotificationsModule({ settings, logger, metrics, database, eventLog, taskQueue, mailer, tokens });
  await (options.start ?? ((created) => created.start()))(module);
  const server = createHttpServer({ routers: [module.router], logger, metrics, port: 0, host: '127.0.0.1' });
  await server.start();
  return {
    origin: `http://127.0.0.1:${server.port}`,
    database,
    eventLog,
    taskQueue,
    mail,
    module,
    metrics,
    tokenOf,
    publish: (message, topic = TOPICS.orders.name) => eventLog.publish(topic, [message]),
    async close() {
      await module.close();
      await server.close();
      await Promise.all([eventLog.close(), taskQueue.close(), mailer.close(), mail.close()]);
      await database.close();
    },
  };
}

/** Tokens of this test alone; what a real verifier checks is proved in its own room. */
function createKnownTokens(): { tokens: TokenVerifier; tokenOf: RunningNotifications['tokenOf'] } {
  const known = new Map<string, Principal>();
  const tokens: TokenVerifier = {
    verify: (authorization) => {
      const principal = known.get(authorization ?? '');
      if (principal !== undefined) return Promise.resolve(principal);
      return Promise.reject(new ProblemError(authorization === undefined ? 'token_missing' : 'token_invalid'));
    },
  };
  return {
    tokens,
    tokenOf(userId, expiresAt = new Date(Date.now() + 3_600_000)) {
      const token = `token-${userId}-${expiresAt.getTime()}`;
      known.set(`Bearer ${token}`, { userId, role: 'customer', sessionId: userId, expiresAt });
      return token;
    },
  };
}

/** The message an outbox would publish for this event. */
export function messageOf<D extends z.ZodType>(type: EventType<string, D>, subject: string, data: z.input<D>): Message {
  return sealed(outboxEvent(type, { source: '/test', subject, data }));
}

function sealed({ messageId, key, headers, payload }: OutboxRow): Message {
  return { id: messageId, key, headers, payload };
}
