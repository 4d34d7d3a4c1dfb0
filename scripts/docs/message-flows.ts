import { BREWING_QUEUES, BrewTask, EXCHANGES, LivePush, NOTIFICATION_QUEUES, NotifyTask, type Exchange, type MessageType, type ModuleName, type Queue, type TopicName } from '@doubleshot/contracts';

/** Who writes and who reads a topic: the one thing about messages that the contracts leave to the modules. */
export interface TopicFlow {
  producer: ModuleName;
  consumers: readonly ModuleName[];
}

export const TOPIC_FLOWS: Readonly<Record<TopicName, TopicFlow>> = {
  'users.v1': { producer: 'auth', consumers: ['notifications'] },
  'orders.v1': { producer: 'orders', consumers: ['notifications'] },
  'menu.v1': { producer: 'orders', consumers: [] },
};

/** Who sends to an exchange, which task it carries, and which queues of whom it fills. */
export interface ExchangeFlow {
  exchange: Exchange;
  producer: ModuleName;
  consumer: ModuleName;
  task: MessageType;
  queues: readonly Queue[];
}

export const EXCHANGE_FLOWS: readonly ExchangeFlow[] = [
  { exchange: EXCHANGES.brewing, producer: 'orders', consumer: 'orders', task: BrewTask, queues: BREWING_QUEUES },
  { exchange: EXCHANGES.notifications, producer: 'notifications', consumer: 'notifications', task: NotifyTask, queues: NOTIFICATION_QUEUES },
  // Each process of the consumer has a queue of its own, made and removed with its connection.
  { exchange: EXCHANGES.live, producer: 'notifications', consumer: 'notifications', task: LivePush, queues: [] },
];
