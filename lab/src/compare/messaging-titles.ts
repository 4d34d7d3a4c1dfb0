import type { Taxes } from './section-schemas.ts';

/** Where facts and tasks go, in words. */
export const MESSAGING_TITLES: Readonly<Record<Taxes['cells'][number]['messaging'], string>> = {
  'in-process': 'events and tasks in the process',
  postgres: 'events and tasks over PostgreSQL',
  brokers: 'events and tasks over Kafka and RabbitMQ',
};
