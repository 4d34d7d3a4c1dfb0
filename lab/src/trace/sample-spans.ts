import type { Span } from '../receivers/span.ts';

type Sketch = [id: string, parent: string, service: string, name: string, startMs: number, durationMs: number, more?: Partial<Span>];

const send = (destination: string, key: string): Partial<Span> => ({ kind: 'producer', attributes: { 'messaging.destination.name': destination, 'doubleshot.message.key': key } });
const consumer: Partial<Span> = { kind: 'consumer' };
const database: Partial<Span> = { kind: 'client', attributes: { 'db.system.name': 'postgresql' } };
const ORDER = '019aaf00-0000-7000-8000-000000000001';

function spans(traceId: string, sketches: readonly Sketch[]): Span[] {
  return sketches.map(([spanId, parentSpanId, service, name, startMs, durationMs, more]) => ({
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    service,
    name,
    kind: 'internal',
    startMs: 1_700_000_000_000 + startMs,
    durationMs,
    failed: false,
    attributes: {},
    links: [],
    ...more,
  }));
}

/** One order in one process, for tests of what draws traces. */
export const MONOLITH_SPANS = spans('aaaa', [
  ['1', '', 'monolith', 'POST /api/v1/orders', 0, 9.5, { kind: 'server' }],
  ['2', '1', 'monolith', 'place order', 2, 6, { attributes: { 'doubleshot.order.id': ORDER } }],
  ['3', '2', 'monolith', 'INSERT orders', 3, 4, database],
  ['4', '2', 'monolith', 'relay', 8, 130],
  ['5', '4', 'monolith', 'send brewing', 8.5, 129, send('brewing', 'espresso')],
  ['6', '5', 'monolith', 'process brewing.espresso', 9, 128, consumer],
  ['7', '6', 'monolith', 'brew', 9.5, 120],
  ['8', '2', 'monolith', 'relay', 8.1, 3],
  ['9', '8', 'monolith', 'send orders.v1', 8.6, 2.4, send('orders.v1', ORDER)],
  ['10', '9', 'monolith', 'process orders.v1', 9, 2, consumer],
]);

/** The same order in four processes; the relays went out the other way round. */
export const MICROSERVICES_SPANS = spans('bbbb', [
  ['1', '', 'gateway', 'POST /api/v1/orders', 0, 14, { kind: 'server' }],
  ['2', '1', 'gateway', 'POST', 1.5, 12, { kind: 'client', attributes: { 'server.port': 4321 } }],
  ['3', '2', 'orders', 'POST /api/v1/orders', 3, 9, { kind: 'server' }],
  ['4', '3', 'orders', 'place order', 4, 7, { attributes: { 'doubleshot.order.id': ORDER } }],
  ['5', '4', 'orders', 'INSERT orders', 5, 5, database],
  ['6', '4', 'orders', 'relay', 11, 4],
  ['7', '6', 'orders', 'send orders.v1', 11.5, 3, send('orders.v1', ORDER)],
  ['8', '7', 'notifications', 'process orders.v1', 40, 5, { ...consumer, failed: true }],
  ['9', '4', 'orders', 'relay', 11.2, 5],
  ['10', '9', 'orders', 'send brewing', 11.8, 4, send('brewing', 'espresso')],
  ['11', '10', 'orders', 'process brewing.espresso', 50, 128, consumer],
  ['12', '11', 'orders', 'brew', 52, 121.25],
]);
