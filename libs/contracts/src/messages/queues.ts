import { STATIONS, type Station } from '../http/menu.ts';
import type { NotificationType } from '../http/notifications.ts';
import type { Channel } from './tasks.ts';

export type ExchangeKind = 'direct' | 'topic' | 'fanout';

/** A place tasks are sent to. */
export interface Exchange {
  name: string;
  kind: ExchangeKind;
  /** What its routing keys mean. */
  key: string;
}

/** A durable queue and the binding that fills it. `retryDelaysMs` has one growing delay for each try after the first; then a task is parked. */
export interface Queue {
  name: string;
  exchange: string;
  bindingKey: string;
  retryDelaysMs: readonly number[];
}

export const EXCHANGES = {
  brewing: { name: 'brewing', kind: 'direct', key: '<station>' },
  notifications: { name: 'notifications', kind: 'topic', key: '<channel>.<notification type>' },
  live: { name: 'live', kind: 'fanout', key: 'none' },
} as const satisfies Record<string, Exchange>;

const RETRY_DELAYS_MS = [200, 1_000, 5_000, 15_000, 30_000] as const;

export const BREWING_QUEUES: readonly Queue[] = STATIONS.map((station) => ({
  name: brewingQueue(station),
  exchange: EXCHANGES.brewing.name,
  bindingKey: station,
  retryDelaysMs: RETRY_DELAYS_MS,
}));

export const NOTIFICATION_QUEUES: readonly Queue[] = (['email', 'inapp'] as const).map((channel) => ({
  name: notificationQueue(channel),
  exchange: EXCHANGES.notifications.name,
  bindingKey: `${channel}.#`,
  retryDelaysMs: RETRY_DELAYS_MS,
}));

export function brewingQueue(station: Station): string {
  return `brewing.${station}`;
}

export function notificationQueue(channel: Channel): string {
  return `notifications.${channel}`;
}

/** Routing key of a notification task, for example `email.order.ready`. */
export function notificationRoutingKey(channel: Channel, type: NotificationType): string {
  return `${channel}.${type}`;
}
