import { expect } from 'vitest';
import { API, type Customer } from './customer.ts';
import type { ShopUnderTest, Span } from './shop.ts';
import { BACKENDS } from './topologies.ts';

/** A span as it must be: in which module, of which kind, with which attributes. */
interface Expected {
  name: string;
  module: string;
  kind: string;
  attributes?: Record<string, unknown>;
}

const text = expect.any(String) as string;
const number = expect.any(Number) as number;

/** From the request to the e-mail, each the cause of the next. */
export function wayToTheEmail(shop: ShopUnderTest): Expected[] {
  const apart = serviceOf(shop, 'gateway') !== serviceOf(shop, 'orders');
  const request = { 'http.request.method': 'POST', 'server.address': text, 'server.port': number, 'url.scheme': 'http', 'http.response.status_code': 201 };
  const server = { name: `POST ${API}/orders`, kind: 'server', attributes: { ...request, 'http.route': `${API}/orders`, 'url.path': `${API}/orders` } };
  return [
    { ...server, module: 'gateway' },
    ...(apart ? [{ name: 'POST', module: 'gateway', kind: 'client', attributes: { ...request, 'url.full': text } }, { ...server, module: 'orders' }] : []),
    { name: 'place order', module: 'orders', kind: 'internal' },
    relay('orders'),
    sent(shop, 'orders', 'brewing', 'espresso'),
    taken(shop, 'orders', 'brewing.espresso', { exchange: 'brewing', key: 'espresso' }),
    { name: 'brew', module: 'orders', kind: 'internal' },
    relay('orders'),
    sent(shop, 'orders', 'orders.v1'),
    taken(shop, 'notifications', 'orders.v1'),
    { name: 'notify', module: 'notifications', kind: 'internal' },
    relay('notifications'),
    sent(shop, 'notifications', 'notifications', 'email.order.ready'),
    taken(shop, 'notifications', 'notifications.email', { exchange: 'notifications', key: 'email.order.ready' }),
    { name: 'send email', module: 'notifications', kind: 'client', attributes: { 'network.protocol.name': 'smtp', 'server.address': text, 'server.port': number, 'doubleshot.mail.id': text } },
  ];
}

/** Statements, and under what they stand. */
export const STATEMENTS: readonly [parent: string, statement: string][] = [
  ['place order', 'orders.place'],
  ['brew', 'orders.start-brewing'],
  ['brew', 'orders.finish-station'],
  ['notify', 'notifications.tell-order-fact'],
  ['process notifications.inapp', 'notifications.store-notification'],
  ['process notifications.email', 'notifications.take-email-claim'],
  ['process notifications.email', 'notifications.mark-email-sent'],
];

export function serviceOf(shop: ShopUnderTest, module: string): string | undefined {
  return shop.processes.find(({ modules }) => modules.some((name) => name === module))?.name;
}

/** Of a span, what {@link wayToTheEmail} says of it. */
export function shapeOf(shop: ShopUnderTest, { name, module, kind, attributes = {} }: Expected): unknown {
  return { name, service: serviceOf(shop, module), kind, attributes: expect.objectContaining(attributes) as unknown };
}

function relay(module: string): Expected {
  return { name: 'relay', module, kind: 'internal', attributes: { 'doubleshot.outbox.attempt': 1 } };
}

function sent(shop: ShopUnderTest, module: string, destination: string, key?: string): Expected {
  const system = systemOf(shop, destination);
  return { name: `send ${destination}`, module, kind: 'producer', attributes: { ...message(system, 'send', system === 'rabbitmq' ? `${destination}:${key ?? ''}` : destination), ...keyOf(system, key) } };
}

function taken(shop: ShopUnderTest, module: string, source: string, sentTo?: { exchange: string; key: string }): Expected {
  const system = systemOf(shop, source);
  const name = system === 'rabbitmq' && sentTo !== undefined ? `${sentTo.exchange}:${sentTo.key}:${source}` : source;
  const group = sentTo === undefined ? { 'messaging.consumer.group.name': 'notifications' } : {};
  const attributes = { ...message(system, 'process', name), ...keyOf(system, sentTo?.key), ...group, 'doubleshot.message.attempt': 1, 'doubleshot.message.outcome': 'done', 'doubleshot.decode_ms': number };
  return { name: `process ${source}`, module, kind: 'consumer', attributes };
}

function message(system: string, operation: string, destination: string): Record<string, unknown> {
  return { 'messaging.system': system, 'messaging.operation.type': operation, 'messaging.operation.name': operation, 'messaging.destination.name': destination, 'messaging.message.id': text };
}

function keyOf(system: string, key: string | undefined): Record<string, unknown> {
  if (system === 'kafka') return { 'messaging.kafka.message.key': text };
  return system === 'rabbitmq' ? { 'messaging.rabbitmq.destination.routing_key': key } : {};
}

function systemOf({ processes }: ShopUnderTest, destination: string): string {
  if (processes.length === 1) return 'in_process';
  if (BACKENDS === 'embedded') return 'postgresql';
  return destination.endsWith('.v1') ? 'kafka' : 'rabbitmq';
}

/** The spans of a new order, once both of its notifications have gone out and each is there with what it stands under. */
export async function traceOfAnOrder(shop: ShopUnderTest, customer: Customer): Promise<Span[]> {
  const { id } = await customer.placed();
  let spans: Span[] = [];
  const missing = (): string[] => {
    const names = new Set(spans.map(({ name }) => name));
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId)).map(({ name }) => `what ${name} stands under`);
    return [...['send email', 'process notifications.inapp', 'process live', `POST ${API}/orders`, ...STATEMENTS.map(([, statement]) => statement)].filter((name) => !names.has(name)), ...orphans];
  };
  await expect.poll(async () => {
    spans = await shop.spans({ order: id });
    // The order is ready when this has been told; two other changes were told before.
    return [...missing(), ...(spans.filter(({ name }) => name === 'process orders.v1').length < 3 ? ['three events'] : [])];
  }, { timeout: 30_000, interval: 200 }).toEqual([]);
  return spans;
}

/** From the root to `last`: by parents, and, where a trace of its own begins with a message, by its one link. */
export function chainTo(last: Span, spans: readonly Span[]): Span[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const cause = byId.get(last.parentSpanId ?? last.links[0]?.spanId ?? '');
  return cause === undefined ? [last] : [...chainTo(cause, spans), last];
}
