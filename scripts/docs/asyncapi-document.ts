import { CLOUD_EVENT_MEDIA_TYPE, EVENTS, TASKS, TOPICS, VERSION, type MessageType, type Queue } from '@doubleshot/contracts';
import { createSchemaCollector, type SchemaCollector } from '@doubleshot/gateway';
import { EXCHANGE_FLOWS, TOPIC_FLOWS, type ExchangeFlow } from './message-flows.ts';

const KAFKA_BINDING_VERSION = '0.5.0';
const AMQP_BINDING_VERSION = '0.3.0';

const DESCRIPTION = [
  'Facts go through an event log, work through a task queue; every message is a CloudEvent 1.0 in structured mode.',
  'Delivery is at least once: an effect is made once by the `id` of its message. `traceparent` continues the trace of the request that caused it.',
  'The bindings name Kafka and RabbitMQ; PostgreSQL and the memory of one process can stand in for both, with the same names and guarantees.',
].join('\n\n');

type Plain = Record<string, unknown>;
type Entry = [name: string, part: Plain];

/** The AsyncAPI 3 document, from the schemas that validate messages when they are produced and consumed. */
export function createAsyncApiDocument(): Plain {
  const schemas = createSchemaCollector('draft-7');
  const messages = Object.fromEntries([...EVENTS, ...TASKS].map((message) => [message.type, messageDocument(message, schemas)]));
  return {
    asyncapi: '3.1.0',
    info: { title: 'Doubleshot messages', version: VERSION, description: DESCRIPTION, license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
    defaultContentType: CLOUD_EVENT_MEDIA_TYPE,
    servers: {
      eventLog: { host: 'kafka:9092', protocol: 'kafka', description: 'The log of facts, `EVENT_LOG_URL`.' },
      taskQueue: { host: 'rabbitmq:5672', protocol: 'amqp', protocolVersion: '0.9.1', description: 'The queue of work, `TASK_QUEUE_URL`.' },
    },
    channels: { ...topicChannels(), ...exchangeChannels() },
    operations: { ...topicOperations(), ...exchangeOperations() },
    components: { messages, schemas: schemas.components() },
  };
}

function messageDocument(message: MessageType, schemas: SchemaCollector): Plain {
  return {
    name: message.type,
    title: message.type,
    summary: message.description,
    contentType: CLOUD_EVENT_MEDIA_TYPE,
    correlationId: { location: '$message.payload#/id', description: 'Unique for ever; effects are made once by it.' },
    // The whole envelope; further attributes of CloudEvents are let through.
    payload: schemas.input(message.schema),
  };
}

function topicChannels(): Plain {
  return Object.fromEntries(
    Object.values(TOPICS).map(({ name, key, partitions }): Entry => [
      name,
      {
        address: name,
        description: `Facts, in order for each ${key}, which is the partition key.`,
        servers: [reference('servers', 'eventLog')],
        messages: messagesOf(EVENTS.filter((event) => event.topic === name)),
        bindings: { kafka: { topic: name, partitions, bindingVersion: KAFKA_BINDING_VERSION } },
      },
    ]),
  );
}

function topicOperations(): Plain {
  return Object.fromEntries(
    Object.entries(TOPIC_FLOWS).flatMap(([topic, { producer, consumers }]): Entry[] => [
      [`${producer}-sends-${topic}`, operation('send', topic, `${producer} reports facts through its outbox.`)],
      ...consumers.map((consumer): Entry => [
        `${consumer}-receives-${topic}`,
        { ...operation('receive', topic, `${consumer} reads from the beginning.`), bindings: { kafka: { groupId: { type: 'string', const: consumer }, bindingVersion: KAFKA_BINDING_VERSION } } },
      ]),
    ]),
  );
}

function exchangeChannels(): Plain {
  return Object.fromEntries(EXCHANGE_FLOWS.flatMap((flow): Entry[] => [[flow.exchange.name, exchangeChannel(flow)], ...flow.queues.map((queue): Entry => [queue.name, queueChannel(queue, flow)])]));
}

function exchangeChannel({ exchange, task }: ExchangeFlow): Plain {
  return {
    address: exchange.name,
    description: `Work; routing key: ${exchange.key}.`,
    servers: [reference('servers', 'taskQueue')],
    messages: messagesOf([task]),
    bindings: {
      amqp: { is: 'routingKey', exchange: { name: exchange.name, type: exchange.kind, durable: true, autoDelete: false, vhost: '/' }, bindingVersion: AMQP_BINDING_VERSION },
    },
  };
}

function queueChannel(queue: Queue, { task }: ExchangeFlow): Plain {
  return {
    address: queue.name,
    description: `Filled by exchange \`${queue.exchange}\` with key \`${queue.bindingKey}\`. ${queue.retryDelaysMs.length} retries with growing delays, then \`${queue.name}.dead\`.`,
    servers: [reference('servers', 'taskQueue')],
    messages: messagesOf([task]),
    bindings: { amqp: { is: 'queue', queue: { name: queue.name, durable: true, exclusive: false, autoDelete: false, vhost: '/' }, bindingVersion: AMQP_BINDING_VERSION } },
  };
}

function exchangeOperations(): Plain {
  return Object.fromEntries(
    EXCHANGE_FLOWS.flatMap(({ exchange, producer, consumer, queues }): Entry[] => [
      [`${producer}-sends-${exchange.name}`, operation('send', exchange.name, `${producer} gives out work.`)],
      ...sourcesOf(exchange.name, queues).map((source): Entry => [`${consumer}-receives-${source}`, operation('receive', source, `${consumer} does the work.`)]),
    ]),
  );
}

/** Without queues of a name, every consumer is bound to the exchange itself. */
function sourcesOf(exchange: string, queues: readonly Queue[]): string[] {
  return queues.length === 0 ? [exchange] : queues.map(({ name }) => name);
}

function operation(action: 'send' | 'receive', channel: string, summary: string): Plain {
  return { action, summary, channel: reference('channels', channel) };
}

function messagesOf(messages: readonly MessageType[]): Plain {
  return Object.fromEntries(messages.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]));
}

function reference(kind: 'servers' | 'channels', name: string): Plain {
  return { $ref: `#/${kind}/${name}` };
}
