import type { EachBatchPayload, KafkaMessage, Offsets } from 'kafkajs';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import { createRecorder, DONE, gate, messages } from '../contract/recorder.ts';
import { WINDOW } from '../held-partition.ts';
import type { DeliveryHandler } from '../message.ts';
import { createConsumerSession, type ConsumerSession } from './consumer-session.ts';
import { encodeMessage, encodeReplay, type OutgoingRecord } from './record-codec.ts';

interface Committed {
  offset: number;
  metadata: string | null;
}

/** What the broker and kafkajs would know. */
interface Stage {
  session: ConsumerSession;
  /** Every commit that was sent. */
  commits: Committed[];
  parked: string[];
  batch(from: number, records: readonly OutgoingRecord[]): Promise<{ resolved: string[]; paused: number; resumed: () => number }>;
}

function onStage(handler: DeliveryHandler, committed: Committed = { offset: 0, metadata: '' }): Stage {
  const commits: Committed[] = [];
  const parked: string[] = [];
  const session = createConsumerSession(
    {
      group: 'g',
      handler,
      park: ({ message: { payload } }, _attempts, reason) => Promise.resolve(void parked.push(`${payload}: ${reason}`)),
      committed: () => Promise.resolve(committed),
      logger: pino({ level: 'silent' }),
    },
    { inTouch: () => true, onLost: () => undefined },
  );
  const commitOffsetsIfNecessary = (offsets?: Offsets): Promise<void> => {
    for (const { partitions } of offsets?.topics ?? []) for (const { offset, metadata } of partitions as { offset: string; metadata?: string }[]) commits.push({ offset: Number(offset), metadata: metadata ?? null });
    return Promise.resolve();
  };
  return {
    session,
    commits,
    parked,
    batch: async (from, records) => {
      const resolved: string[] = [];
      let paused = 0;
      let resumed = 0;
      const stored = records.map((record, n) => storedAt(from + n, record));
      const batch = { topic: 't', partition: 0, highWatermark: '0', messages: stored, fetchedOffset: String(from) } as unknown as EachBatchPayload['batch'];
      await session.onBatch({
        batch,
        resolveOffset: (offset) => { resolved.push(offset); },
        heartbeat: () => Promise.resolve(),
        pause: () => {
          paused += 1;
          return () => { resumed += 1; };
        },
        commitOffsetsIfNecessary,
        uncommittedOffsets: () => ({ topics: [] }),
        isRunning: () => true,
        isStale: () => false,
      });
      return { resolved, paused, resumed: () => resumed };
    },
  };
}

function storedAt(offset: number, { key, value, headers }: OutgoingRecord): KafkaMessage {
  return { key: Buffer.from(key), value: Buffer.from(value), headers, timestamp: '0', offset: String(offset), attributes: 0 };
}

const records = (count: number): OutgoingRecord[] => messages(count, (n) => `key-${n}`).map(encodeMessage);

test('when a batch comes, then the partition is marked as taken first, and its end is committed when all is handled', async () => {
  const recorder = createRecorder();
  const { session, batch, commits } = onStage(recorder.handler(), { offset: 5, metadata: '' });
  expect((await batch(5, records(3))).resolved).toEqual(['5', '6', '7']);
  expect(commits[0]).toMatchObject({ offset: 5, metadata: expect.stringContaining('deaths') });
  await eventually(() => commits.at(-1)?.offset === 8, 'the end is committed');
  await session.end(100);
  expect(commits.at(-1)).toEqual({ offset: 8, metadata: '' });
});

test('when a record is still handled, then nothing behind it is committed', async () => {
  const recorder = createRecorder();
  const first = gate();
  const { session, batch, commits } = onStage(recorder.handler(({ message: { payload } }) => (payload === '0' ? first.opened.then(() => DONE) : DONE)));
  await batch(0, records(20));
  await eventually(() => recorder.distinct() === 20, 'all begin');
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect(commits.every(({ offset }) => offset === 0)).toBe(true);
  first.open();
  await eventually(() => commits.at(-1)?.offset === 20, 'all are committed');
  await session.end(100);
});

test('when the session ends, then handlers that run may finish and are committed, others do not begin, and nothing is sent after it', async () => {
  const recorder = createRecorder();
  const held = gate();
  const { session, batch, commits } = onStage(recorder.handler(() => held.opened.then(() => DONE)));
  await batch(0, records(40));
  await eventually(() => recorder.distinct() === 16, 'as many run as may');
  const ending = session.end(5_000);
  held.open();
  await ending;
  expect([recorder.distinct(), session.ended(), commits.at(-1)]).toEqual([16, true, { offset: 16, metadata: '' }]);
  const sent = commits.length;
  expect((await batch(16, records(4))).resolved).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 120));
  expect([recorder.distinct(), commits.length]).toEqual([16, sent]);
});

test('when a handler outlasts the hand-over, then its signal is aborted and what it answers counts no more', async () => {
  const recorder = createRecorder();
  const { session, batch, commits } = onStage(recorder.handler(({ signal }) => new Promise((resolve) => { signal.addEventListener('abort', () => { setTimeout(resolve, 400, DONE); }); })));
  await batch(0, records(1));
  await eventually(() => recorder.distinct() === 1, 'it runs');
  await session.end(50);
  expect(commits.at(-1)).toEqual({ offset: 0, metadata: '' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(commits.at(-1)).toEqual({ offset: 0, metadata: '' });
});

test('when a batch was fetched before the join, then it is left alone: to take it would skip records', async () => {
  const recorder = createRecorder();
  const { session, batch, commits } = onStage(recorder.handler(), { offset: 5, metadata: '' });
  expect((await batch(100, records(3))).resolved).toEqual([]);
  expect([recorder.distinct(), commits]).toEqual([0, []]);
  expect((await batch(5, records(3))).resolved).toHaveLength(3);
  await session.end(100);
});

test('when a record was replayed for another group, then it is passed by, and one for this group is handled', async () => {
  const recorder = createRecorder();
  const { session, batch, commits } = onStage(recorder.handler());
  const [own, other] = messages(2, (n) => `key-${n}`);
  await batch(0, [encodeReplay(own!, 'g'), encodeReplay(other!, 'another')]);
  await eventually(() => commits.at(-1)?.offset === 2, 'both are committed');
  expect(recorder.deliveries.map(({ message }) => message)).toEqual([own]);
  await session.end(100);
});

test('when the window is full and stands still, then its partition is paused, and resumed when there is room', async () => {
  const recorder = createRecorder();
  const held = gate();
  const { session, batch, commits } = onStage(recorder.handler(() => held.opened.then(() => DONE)));
  const { resolved, paused, resumed } = await batch(0, records(WINDOW + 10));
  expect([resolved.length, paused, resumed()]).toEqual([WINDOW, 1, 0]);
  held.open();
  await eventually(() => resumed() === 1, 'it is resumed');
  await eventually(() => commits.at(-1)?.offset === WINDOW, 'all that was taken is committed');
  await session.end(100);
});

test('when every owner died that tried the next record, then it is parked unseen', async () => {
  const recorder = createRecorder();
  const { session, batch, commits, parked } = onStage(recorder.handler(), { offset: 0, metadata: '{"deaths":3,"diedAt":0,"suspicions":2,"trying":0}' });
  await batch(0, records(3));
  await eventually(() => commits.at(-1)?.offset === 3, 'all is committed');
  expect(parked).toEqual(['0: every consumer that handled it died']);
  expect(recorder.deliveries.map(({ message: { payload } }) => payload)).toEqual(['1', '2']);
  await session.end(100);
});
