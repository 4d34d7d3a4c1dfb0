import type { CloudEvent } from '@doubleshot/contracts';
import type { EventLog } from '@doubleshot/shared/messaging';

/** Everything published to these topics from now on, each event once for each time it was published. */
export async function collectEvents(eventLog: EventLog, topics: readonly string[]): Promise<readonly CloudEvent<string, Record<string, unknown>>[]> {
  const events: CloudEvent<string, Record<string, unknown>>[] = [];
  await eventLog.subscribe({
    group: 'collector',
    topics,
    handler: ({ message }) => {
      events.push(JSON.parse(message.payload) as CloudEvent<string, Record<string, unknown>>);
      return Promise.resolve({ kind: 'done' });
    },
  });
  return events;
}
