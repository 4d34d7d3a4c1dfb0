import type { EventLog } from './event-log.ts';
import type { MessagingDeps } from './messaging-deps.ts';
import { registerScrapedGauge } from './scraped-gauge.ts';

/** Parked messages counted for `/metrics`; more is as bad. */
const PARKED_COUNTED = 1_000;

/**
 * Opens the event log a URL names: `in-process:`, `postgres://…` or `kafka://host:port,…` (`kafka+ssl://…` with TLS). The adapter is loaded only when it is chosen. Whoever opens it closes it.
 * Connects lazily where it can: `ready()` tells whether the backend is there.
 */
export async function createEventLog(url: string, deps: MessagingDeps): Promise<EventLog> {
  const eventLog = await open(url, deps);
  const forgets = [
    registerScrapedGauge(deps.metrics, {
      name: 'doubleshot_event_log_lag',
      help: 'Records a group has not handled yet.',
      labelNames: ['group', 'topic'],
      read: async () => (await eventLog.lag()).map(({ group, topic, lag }) => [{ group, topic }, lag]),
    }),
    registerScrapedGauge(deps.metrics, {
      name: 'doubleshot_event_log_parked',
      help: 'Records parked in <topic>.dlq.',
      labelNames: ['topic'],
      read: async () => {
        const topics = [...new Set((await eventLog.lag()).map(({ topic }) => topic))];
        return Promise.all(topics.map(async (topic) => [{ topic }, (await eventLog.parked(topic, PARKED_COUNTED)).length] as [Record<string, string>, number]));
      },
    }),
  ];
  return {
    ...eventLog,
    close: () => {
      for (const forget of forgets) forget();
      return eventLog.close();
    },
  };
}

async function open(url: string, deps: MessagingDeps): Promise<EventLog> {
  const scheme = url.slice(0, url.indexOf(':') + 1);
  if (scheme === 'in-process:') return (await import('./in-process/in-process-event-log.ts')).createInProcessEventLog(deps);
  if (scheme === 'postgres:' || scheme === 'postgresql:') return (await import('./postgres/postgres-event-log.ts')).createPostgresEventLog(url, deps);
  if (scheme === 'kafka:' || scheme === 'kafka+ssl:') return (await import('./kafka/kafka-event-log.ts')).createKafkaEventLog(url, deps);
  throw new Error(`EVENT_LOG_URL: "${scheme}" is none of in-process:, postgres:, kafka:, kafka+ssl:`);
}
