import { expect, test } from 'vitest';
import { messageAttributes } from './message-attributes.ts';

const MESSAGE = { messageId: '1', key: 'espresso' };

test('a task of RabbitMQ is named by exchange, routing key and queue, without equal or empty parts', () => {
  const nameOf = (more: Partial<Parameters<typeof messageAttributes>[0]>): unknown =>
    messageAttributes({ system: 'rabbitmq', operation: 'process', destination: 'brewing.espresso', ...MESSAGE, ...more })['messaging.destination.name'];
  expect(nameOf({ exchange: 'brewing' })).toBe('brewing:espresso:brewing.espresso');
  expect(nameOf({ destination: 'brewing', operation: 'send' })).toBe('brewing:espresso');
  expect(nameOf({ exchange: 'brewing', destination: 'espresso' })).toBe('brewing:espresso');
  expect(nameOf({ destination: 'live', key: '' })).toBe('live');
});

test('elsewhere the name is that of the topic or queue, and Kafka tells the key', () => {
  expect(messageAttributes({ system: 'kafka', operation: 'send', destination: 'orders.v1', ...MESSAGE })).toMatchObject({
    'messaging.destination.name': 'orders.v1',
    'messaging.kafka.message.key': 'espresso',
  });
  expect(messageAttributes({ system: 'postgresql', operation: 'send', destination: 'brewing', ...MESSAGE })).not.toHaveProperty('messaging.destination.template');
});
