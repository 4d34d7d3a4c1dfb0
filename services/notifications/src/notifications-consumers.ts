import { EXCHANGES, LivePush, NotifyTask, notificationQueue, type Channel, type Notification } from '@doubleshot/contracts';
import {
  consumeEvents,
  consumeTasks,
  subscribeBroadcastTasks,
  type EventHandler,
  type EventLog,
  type Subscription,
  type TaskQueue,
} from '@doubleshot/shared/messaging';
import type { Logger } from '@doubleshot/shared/logging';
import { openAll } from '@doubleshot/shared/runtime';
import type { Registry } from 'prom-client';
import type { StreamHub } from './stream/stream-hub.ts';

export const CONSUMER_GROUP = 'notifications';

export interface ConsumersOptions {
  eventLog: EventLog;
  taskQueue: TaskQueue;
  logger: Logger;
  metrics: Registry;
  hub: StreamHub;
  facts: readonly EventHandler[];
  channels: Readonly<Record<Channel, ChannelWorker>>;
}

export interface ChannelWorker {
  prefetch: number;
  handle(userId: string, notification: Notification): Promise<void>;
}

/**
 * Subscribes to everything this module listens to; live pushes first, so that none of its own is missed. When one subscription fails, those before it are closed;
 * once `signal` aborts, no further one is opened. The caller closes them.
 */
export function startConsumers({ eventLog, taskQueue, logger, metrics, hub, facts, channels }: ConsumersOptions, signal: AbortSignal): Promise<Subscription> {
  const subscribeLive = (): Promise<Subscription> =>
    subscribeBroadcastTasks({
      taskQueue,
      exchange: EXCHANGES.live.name,
      type: LivePush,
      handler: ({ data }) => { hub.offer(data.userId, data.event); },
      logger,
      metrics,
    });
  const consumeChannel = (channel: Channel): Promise<Subscription> =>
    consumeTasks({
      taskQueue,
      queue: notificationQueue(channel),
      type: NotifyTask,
      prefetch: channels[channel].prefetch,
      handler: ({ data }) => channels[channel].handle(data.userId, data.notification),
      logger,
      metrics,
    });
  const consumeFacts = (): Promise<Subscription> => consumeEvents({ eventLog, group: CONSUMER_GROUP, handlers: facts, logger, metrics });
  return openAll([subscribeLive, () => consumeChannel('inapp'), () => consumeChannel('email'), consumeFacts], signal);
}
