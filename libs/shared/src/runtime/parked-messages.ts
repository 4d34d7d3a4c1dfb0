import { BREWING_QUEUES, NOTIFICATION_QUEUES, TOPICS } from '@doubleshot/contracts';
import type { ParkedMessage } from '../messaging/message.ts';
import type { Backends } from './backends.ts';

/** Where messages may be parked: topics of the log, queues of work. */
export interface ParkedSource {
  name: string;
  parked(limit: number): Promise<readonly ParkedMessage[]>;
  replay(): Promise<number>;
}

/** The sources that the backends of a process reach. */
export function parkedSources({ eventLog, taskQueue }: Backends): ParkedSource[] {
  const topics = eventLog === undefined ? [] : Object.values(TOPICS).map(({ name }) => ({ name, parked: (limit: number) => eventLog.parked(name, limit), replay: () => eventLog.replay(name) }));
  const queues =
    taskQueue === undefined
      ? []
      : [...BREWING_QUEUES, ...NOTIFICATION_QUEUES].map(({ name }) => ({ name, parked: (limit: number) => taskQueue.parked(name, limit), replay: () => taskQueue.replay(name) }));
  return [...topics, ...queues];
}

/** A parked message as the ops listener shows it: without its payload, which may hold data of people. */
export function describeParked({ message, source, group, attempts, reason, parkedAt }: ParkedMessage): object {
  return { source, group, messageId: message.id, key: message.key, attempts, reason, parkedAt };
}
