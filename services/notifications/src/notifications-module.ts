import { listNotifications, openStream } from '@doubleshot/contracts';
import { createOperationRouter, handle } from '@doubleshot/shared/http';
import { createInbox, createOutbox, INBOX_MIGRATION, OUTBOX_MIGRATION, OUTBOX_PARKED_MIGRATION, type Subscription } from '@doubleshot/shared/messaging';
import { defineModule, type ModuleDeps, type ServiceModule } from '@doubleshot/shared/runtime';
import { Counter, Gauge } from 'prom-client';
import { createContacts } from './contacts/contacts.ts';
import { createEmailClaims } from './email/email-claims.ts';
import { createSendEmail } from './email/send-email.ts';
import { factHandlers } from './facts/fact-handlers.ts';
import { createTellOrderFact } from './facts/tell-order-fact.ts';
import { createListNotifications } from './inapp/list-notifications.ts';
import { createStoreNotification } from './inapp/store-notification.ts';
import { startConsumers } from './notifications-consumers.ts';
import { createRetentionTimers } from './retention-timers.ts';
import { CREATE_NOTIFICATIONS, SCHEMA } from './schema/create-notifications.ts';
import { NOTIFICATIONS_SETTINGS, type NotificationsSettings } from './settings.ts';
import { createPushLive } from './stream/live-push.ts';
import { createOpenStream } from './stream/open-stream.ts';
import { createStreamEventStore } from './stream/stream-event-store.ts';
import { createStreamHub } from './stream/stream-hub.ts';
import { createStreamTimers } from './stream/stream-timers.ts';

/** `source` of the messages this module writes. */
const SOURCE = '/doubleshot/notifications';

type Needed = 'settings' | 'logger' | 'metrics' | 'database' | 'eventLog' | 'taskQueue' | 'mailer' | 'tokens';
export type NotificationsDeps = Pick<ModuleDeps<NotificationsSettings>, Needed>;

/** Turns facts into messages for people: in-app (stored, and pushed live) and e-mail. */
export function createNotificationsModule({ settings, logger, metrics, database, eventLog, taskQueue, mailer, tokens }: NotificationsDeps): ServiceModule {
  const inbox = createInbox({ database, schema: SCHEMA, metrics });
  const outbox = createOutbox({ database, schema: SCHEMA, eventLog, taskQueue, logger, metrics });
  const contacts = createContacts(database);
  const streamEvents = createStreamEventStore(database);
  const hub = createStreamHub({ connections: settings.STREAM_MAX_CONNECTIONS, connectionsPerUser: settings.STREAM_MAX_CONNECTIONS_PER_USER });
  const pushLive = createPushLive({ taskQueue, source: SOURCE, logger });
  const tell = createTellOrderFact({ inbox, outbox, pushLive, source: SOURCE });
  const facts = factHandlers(contacts, tell);
  const channels = {
    inapp: { prefetch: settings.INAPP_CONCURRENCY, handle: createStoreNotification({ inbox, pushLive }) },
    email: { prefetch: settings.EMAIL_CONCURRENCY, handle: createSendEmail({ claims: createEmailClaims(database, inbox), contacts, mailer }) },
  };
  const slowClients = streamMetrics(metrics, () => hub.size());
  const operations = [
    handle(listNotifications, createListNotifications(database)),
    handle(openStream, createOpenStream({ hub, events: streamEvents, slowClients, logger })),
  ];
  const timers = [
    ...createStreamTimers({ hub, events: streamEvents, retentionHours: settings.STREAM_RETENTION_HOURS, logger }),
    ...createRetentionTimers({ inbox, database, logger }),
  ];
  const stopping = new AbortController();
  let consumers: Subscription | undefined;
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    stopping.abort();
    hub.close();
    await Promise.all([consumers?.close(), ...timers.map((timer) => timer.close())]);
    await outbox.close();
  }

  return {
    name: 'notifications',
    router: createOperationRouter({ operations, tokens }),
    outbox,
    async start() {
      if (stopping.signal.aborted) return;
      outbox.start();
      for (const timer of timers) timer.start();
      consumers ??= await startConsumers({ eventLog, taskQueue, logger, metrics, hub, facts, channels }, stopping.signal);
      if (stopping.signal.aborted) await consumers.close();
    },
    drain: () => { hub.close(); },
    ready: () => database.ready(),
    close: () => (closing ??= close()),
  };
}

function streamMetrics(registry: ModuleDeps<NotificationsSettings>['metrics'], open: () => number): Counter {
  new Gauge({ name: 'doubleshot_stream_connections', help: 'Streams open in this process.', registers: [registry], collect() { this.set(open()); } });
  return new Counter({ name: 'doubleshot_stream_slow_clients_total', help: 'Streams ended because the client did not keep up.', registers: [registry] });
}

export const notificationsModule = defineModule({
  name: 'notifications',
  settings: NOTIFICATIONS_SETTINGS,
  needs: ['database', 'eventLog', 'taskQueue', 'mailer', 'tokens'],
  migrations: [INBOX_MIGRATION, OUTBOX_MIGRATION, CREATE_NOTIFICATIONS, OUTBOX_PARKED_MIGRATION],
  create: createNotificationsModule,
});
