import { BREWING_QUEUES, NOTIFICATION_QUEUES, TOPICS } from '@doubleshot/contracts';
import type { ParkedView } from '../messaging/message.ts';
import type { Backends } from './backends.ts';
import type { ServiceModule } from './module.ts';

/** Where messages may be parked: topics of the log, queues of work, outboxes. */
export interface ParkedSource {
  name: string;
  parked(limit: number): Promise<readonly ParkedView[]>;
  replay(): Promise<number>;
}

/** The sources that the backends of a process reach, and the outboxes of its modules. */
export function parkedSources({ eventLog, taskQueue }: Backends, modules: readonly Pick<ServiceModule, 'outbox'>[]): ParkedSource[] {
  const topics = eventLog === undefined ? [] : Object.values(TOPICS).map(({ name }) => ({ name, parked: (limit: number) => eventLog.parked(name, limit), replay: () => eventLog.replay(name) }));
  const queues =
    taskQueue === undefined
      ? []
      : [...BREWING_QUEUES, ...NOTIFICATION_QUEUES].map(({ name }) => ({ name, parked: (limit: number) => taskQueue.parked(name, limit), replay: () => taskQueue.replay(name) }));
  const outboxes = modules.flatMap(({ outbox }) => (outbox === undefined ? [] : [{ name: outbox.source, parked: outbox.parked, replay: outbox.replay }]));
  return [...topics, ...queues, ...outboxes];
}

/** A parked message as the ops listener shows it. */
export function describeParked({ message, source, group, attempts, reason, parkedAt }: ParkedView): object {
  return { source, group, messageId: message.id, key: message.key, attempts, reason, parkedAt };
}
