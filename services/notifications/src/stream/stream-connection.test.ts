import type { StreamEvent } from '@doubleshot/contracts';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoundedWriter } from './bounded-writer.ts';
import { createStreamConnection, type StreamConnection } from './stream-connection.ts';

const ORDER_ID = '019aaf00-0000-7000-8000-000000000001';

function eventOf(id: number): StreamEvent {
  return { id, event: 'order.status', data: { orderId: ORDER_ID, status: 'placed', version: 1, at: '2026-11-23T08:00:00.000Z' } };
}

/** A connection over a log in memory that keeps what a client would have read. */
function connect(): { connection: StreamConnection; log: StreamEvent[]; written: string[]; failReads(fail: boolean): void; leave(): void } {
  const log: StreamEvent[] = [];
  const written: string[] = [];
  let failing = false;
  let gone = false;
  const writer: BoundedWriter = {
    begin: () => undefined,
    write: (text) => void written.push(text),
    drained: async () => { await turn(); },
    end: () => written.push('end'),
    isGone: () => gone,
  };
  const readAfter = async (id: number, limit: number): Promise<readonly StreamEvent[]> => {
    await turn();
    if (failing) throw new Error('the database is down');
    return log.filter((event) => event.id > id).slice(0, limit);
  };
  const connection = createStreamConnection({ userId: ORDER_ID, writer, readAfter, onReadError: () => undefined });
  return { connection, log, written, failReads: (fail) => void (failing = fail), leave: () => void (gone = true) };
}

function ids(written: readonly string[]): number[] {
  return [...written.join('').matchAll(/^id: (\d+)\nevent/gm)].map((match) => Number(match[1]));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

async function settled(most = 100): Promise<void> {
  for (let turns = 0; turns < most; turns += 1) await turn();
}

test('live events that are lost, repeated or out of order still give every id once and in order', async () => {
  const step = fc.record({ append: fc.integer({ min: 0, max: 3 }), offer: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }), pause: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.integer({ min: 0, max: 5 }), async (steps, before) => {
      const { connection, log, written } = connect();
      for (let id = 1; id <= before; id += 1) log.push(eventOf(id));
      connection.open(0, before);
      for (const { append, offer, pause } of steps) {
        for (let added = 0; added < append; added += 1) log.push(eventOf(log.length + 1));
        for (const id of offer) if (id <= log.length) connection.offer(eventOf(id));
        if (pause) await turn();
      }
      connection.catchUp(log.length);
      await settled();
      expect(ids(written)).toEqual(range(1, log.length));
    }),
    { numRuns: 200 },
  );
});

test('what is offered between subscribing and opening is not lost', async () => {
  const { connection, log, written } = connect();
  log.push(eventOf(1), eventOf(2), eventOf(3));
  connection.offer(eventOf(3));
  connection.open(2, 2);
  await settled();
  expect(ids(written)).toEqual([3]);
});

test('a backlog of several pages is written whole', async () => {
  const { connection, log, written } = connect();
  for (const id of range(1, 950)) log.push(eventOf(id));
  connection.open(10, 950);
  await settled(2_000);
  expect(ids(written)).toEqual(range(11, 950));
});

test('events that were deleted by age do not stop those behind them', async () => {
  const { connection, log, written } = connect();
  for (const id of range(8, 9)) log.push(eventOf(id));
  connection.open(2, 9);
  await settled();
  connection.offer(eventOf(10));
  expect(ids(written)).toEqual([8, 9, 10]);
});

test('after a read that failed the next reason to read brings what was missing', async () => {
  const { connection, log, written, failReads } = connect();
  connection.open(0, 0);
  log.push(eventOf(1), eventOf(2));
  failReads(true);
  connection.offer(eventOf(2));
  await settled();
  expect(ids(written)).toEqual([]);
  failReads(false);
  connection.catchUp(2);
  await settled();
  expect(ids(written)).toEqual([1, 2]);
});

test('a connection that was ended before it opened answers nothing', () => {
  const { connection, written } = connect();
  connection.end();
  expect(connection.open(0, 0)).toBe(false);
  expect(written).toEqual([]);
});

test('an ended connection writes nothing more', () => {
  const { connection, written } = connect();
  connection.open(0, 0);
  connection.end();
  connection.offer(eventOf(1));
  expect(ids(written)).toEqual([]);
  expect(written.at(-1)).toBe('end');
});

test('a client that left is not read for any more', async () => {
  const { connection, log, written, leave } = connect();
  connection.open(0, 0);
  leave();
  log.push(eventOf(1), eventOf(2));
  connection.offer(eventOf(2));
  await settled();
  expect(ids(written)).toEqual([]);
});
