import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../receivers/span.ts';
import { billOrder, type Bill } from './network-tax.ts';

type Sketch = Partial<Span> & { id: string; under?: string; at: number; ms: number };

const GROUP = { 'messaging.consumer.group.name': 'notifications' };
const DATABASE: Partial<Span> = { kind: 'client', attributes: { 'db.system.name': 'postgresql' } };

function span({ id, under, at, ms, ...more }: Sketch): Span {
  return {
    traceId: 't',
    spanId: id,
    ...(under !== undefined && { parentSpanId: under }),
    service: 'x',
    name: id,
    kind: 'internal',
    startMs: at,
    durationMs: ms,
    failed: false,
    attributes: {},
    links: [],
    ...more,
  };
}

/** One order: request, statement, outbox, brewing, event, task, e-mail. */
const ORDER: readonly Span[] = [
  span({ id: 'root', at: 0, ms: 20, kind: 'server' }),
  span({ id: 'call', under: 'root', at: 1, ms: 18, kind: 'client' }),
  span({ id: 'serve', under: 'call', at: 3, ms: 14, kind: 'server', attributes: { 'doubleshot.decode_ms': 0.5, 'doubleshot.encode_ms': 0.25 } }),
  span({ id: 'place', under: 'serve', at: 5, ms: 8 }),
  span({ id: 'insert', under: 'place', at: 6, ms: 5, ...DATABASE }),
  span({ id: 'relay1', under: 'place', at: 6, ms: 15, name: 'relay' }),
  span({ id: 'send1', under: 'relay1', at: 14, ms: 6, kind: 'producer' }),
  span({ id: 'brewing', under: 'send1', at: 24, ms: 40, kind: 'consumer', attributes: { 'messaging.message.id': 'm', 'doubleshot.message.attempt': 1 } }),
  span({ id: 'brew', under: 'brewing', at: 25, ms: 38, attributes: { 'doubleshot.brewing_ms': 30 } }),
  span({ id: 'finish', under: 'brew', at: 58, ms: 4, ...DATABASE }),
  span({ id: 'relay2', under: 'brew', at: 58, ms: 10, name: 'relay' }),
  span({ id: 'send2', under: 'relay2', at: 65, ms: 3, kind: 'producer' }),
  span({ id: 'told', under: 'send2', at: 72, ms: 20, name: 'process orders.v1', kind: 'consumer', attributes: { ...GROUP, 'messaging.message.id': 'e' } }),
  span({ id: 'again', under: 'send2', at: 95, ms: 30, name: 'process orders.v1', kind: 'consumer', attributes: { ...GROUP, 'messaging.message.id': 'e', 'doubleshot.message.attempt': 2 } }),
  span({ id: 'mail', under: 'again', at: 100, ms: 12, name: 'send email', kind: 'client' }),
];

function partsOf(bill: Bill | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(bill?.parts ?? {}).filter(([, value]) => value !== 0));
}

test('the way to the answer is the request with what it waited for', () => {
  const { answer } = billOrder(ORDER);
  // root 0–1, 19–20; call without serve 1–3, 17–19; serve 3–5, 13–17; place 5–6, 11–13; insert 6–11.
  expect(partsOf(answer)).toEqual({ compute: 10.25, serialisation: 0.75, network: 4, database: 5 });
  expect(answer?.totalMs).toBe(20);
});

test('the way to the e-mail goes through the outbox, the queue and the log, and a retry is no wait of the broker', () => {
  const { email } = billOrder(ORDER);
  expect(partsOf(email)).toEqual({
    // root 1, serve 2 without what it read (0.5; its answer is on another way), place 1, brewing 1, brew 33 without 30 for the coffee, again 5.
    compute: 1 + 1.5 + 1 + 1 + 3 + 5,
    serialisation: 0.5,
    network: 2,
    database: 5 + 4,
    // From the end of the statement, not from the time in the row.
    'outbox wait': 14 - 11 + (65 - 62),
    'queue wait': 24 - 14,
    brewing: 30,
    'broker wait': 72 - 65,
    retries: 95 - 72,
    mail: 12,
  });
  expect(email?.taxMs).toBe(0.5 + 2 + 10 + 7);
});

test('an event written in a transaction waits from its COMMIT on', () => {
  const spans = [
    span({ id: 'root', at: 0, ms: 30, kind: 'server' }),
    span({ id: 'begin', under: 'root', at: 1.4, ms: 1, ...DATABASE, name: 'BEGIN' }),
    span({ id: 'insert', under: 'root', at: 2.5, ms: 4, ...DATABASE }),
    span({ id: 'commit', under: 'root', at: 7, ms: 2, ...DATABASE, name: 'COMMIT' }),
    span({ id: 'row', under: 'root', at: 2, ms: 12, name: 'relay' }),
    span({ id: 'send', under: 'row', at: 12, ms: 1, kind: 'producer' }),
    span({ id: 'task', under: 'send', at: 14, ms: 3, kind: 'consumer' }),
    span({ id: 'mail', under: 'task', at: 15, ms: 1, name: 'send email', kind: 'client' }),
  ];
  expect(billOrder(spans).email?.parts).toMatchObject({ 'outbox wait': 3, database: 7, 'queue wait': 2, mail: 1 });
});

test('with links the way goes on in the trace that links to its sender', () => {
  const linked = ORDER.map((each) => {
    if (each.kind !== 'consumer') return each;
    const { parentSpanId = '', ...own } = each;
    return { ...own, links: [{ traceId: 't', spanId: parentSpanId }] };
  });
  expect(billOrder(linked).email?.parts).toEqual(billOrder(ORDER).email?.parts);
});

test('a span that begins before its cause is cut, and how much is told', () => {
  const early = ORDER.map((each) => (each.spanId === 'brewing' ? { ...each, startMs: 12, durationMs: 52 } : each));
  const { email } = billOrder(early);
  expect(email?.path.clampedMs).toBe(2);
  expect(email?.totalMs).toBe(112);
  expect(email?.parts['queue wait']).toBe(0);
});

test('whatever the spans are, the stretches meet, none is negative, and the parts add up to the whole', () => {
  const time = fc.double({ min: 0, max: 100, noNaN: true });
  const kinds = fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer') as fc.Arbitrary<Span['kind']>;
  const names = fc.constantFrom('relay', 'brew', 'x', 'BEGIN', 'COMMIT', 'send email');
  const made = fc.record({ kind: kinds, name: names, at: time, ms: time, cause: fc.nat(), json: time, database: fc.boolean() });
  fc.assert(
    fc.property(fc.array(made, { minLength: 1, maxLength: 25 }), (all) => {
      const spans = all.map(({ cause, json, database, ...own }, index) => ({
        ...span({ ...own, id: String(index), ...(index > 0 && { under: String(cause % index) }) }),
        kind: index === 0 ? ('server' as const) : own.kind,
        attributes: { 'doubleshot.decode_ms': json, 'doubleshot.brewing_ms': json, ...(database && { 'db.system.name': 'postgresql' }) },
      }));
      for (const bill of Object.values(billOrder(spans)) as Bill[]) {
        const { segments, startMs, endMs } = bill.path;
        let at = startMs;
        for (const segment of segments) {
          expect(segment.startMs).toBe(at);
          expect(segment.endMs).toBeGreaterThan(segment.startMs);
          at = segment.endMs;
        }
        expect(at).toBe(endMs);
        expect(Object.values(bill.parts).reduce((sum, value) => sum + value, 0)).toBeCloseTo(bill.totalMs, 6);
        expect(Math.min(...Object.values(bill.parts))).toBeGreaterThan(-1e-9);
      }
    }),
    { numRuns: 500 },
  );
});
