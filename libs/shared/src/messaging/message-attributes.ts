import type { Attributes } from '@opentelemetry/api';

export interface SpannedMessage {
  /** `messaging.system` of OpenTelemetry's semantic conventions. */
  system: string;
  operation: 'send' | 'process';
  /** Topic or exchange it is sent to; topic or queue it is taken from. */
  destination: string;
  /** Of a queue: what it is bound to. */
  exchange?: string | undefined;
  messageId: string;
  key: string;
}

/** Attributes of the span of one message: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
export function messageAttributes({ system, operation, destination, exchange, messageId, key }: SpannedMessage): Attributes {
  return {
    'messaging.system': system,
    'messaging.operation.type': operation,
    'messaging.operation.name': operation,
    'messaging.destination.name': destination,
    'messaging.message.id': messageId,
    'doubleshot.message.key': key,
    ...(system === 'kafka' && { 'messaging.kafka.message.key': key }),
    ...(system === 'rabbitmq' && routed(destination, exchange, key)),
  };
}

/** `exchange:routing key:queue` without empty and equal parts (https://opentelemetry.io/docs/specs/semconv/messaging/rabbitmq/); the template keeps the span's name short. */
function routed(destination: string, exchange: string | undefined, key: string): Attributes {
  const parts = exchange === undefined ? [destination, key] : [exchange, key, destination];
  return {
    'messaging.destination.name': [...new Set(parts.filter((part) => part !== ''))].join(':'),
    'messaging.destination.template': destination,
    ...(key !== '' && { 'messaging.rabbitmq.destination.routing_key': key }),
  };
}
