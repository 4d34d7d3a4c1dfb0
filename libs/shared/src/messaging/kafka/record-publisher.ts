import { setTimeout as sleep } from 'node:timers/promises';
import { Partitioners, type Producer } from 'kafkajs';
import { MessageTooLargeError } from '../message-too-large-error.ts';
import { reasonOf } from '../retry-policy.ts';
import { answerOf } from './broker-answer.ts';
import { createHeldConnection, type HeldConnection } from './held-connection.ts';
import type { OpenKafkaClient } from './kafka-client.ts';
import { LARGEST_RECORD_BYTES, nextBatch, sizeOf, type BatchPart, type PublishCall } from './publish-batch.ts';
import type { OutgoingRecord } from './record-codec.ts';
import { within } from '../within.ts';

/** How long the first record of a request waits for company. */
const LINGER_MS = 3;
/** A request that takes longer failed, as far as its callers can tell. */
const SEND_DEADLINE_MS = 6_000;
/** The longest a caller waits. */
const PUBLISH_DEADLINE_MS = 8_000;
/** How long a broker waits for its replicas. */
const REPLICATION_TIMEOUT_MS = 5_000;
const NOT_NOW_MS = 200;
const CLOSE_DEADLINE_MS = 3_000;
/** Records that may wait: beyond it callers are told at once. */
const MOST_WAITING = 50_000;
const ALL_REPLICAS = -1;
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** Writes records, those of concurrent calls together. */
export interface RecordPublisher {
  /**
   * Resolves once every replica in sync has every record, in the order given for equal keys. Rejects within 8 s when one may not be stored; those behind it in the same
   * call are not sent then.
   */
  publish(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  /** Waits a while for what is on its way. Idempotent. */
  close(): Promise<void>;
}

interface Call extends PublishCall {
  settled: boolean;
  settle(error?: Error): void;
}

/** One request at a time is on its way: a second one could overtake the first when that is tried again. */
export function createRecordPublisher(openClient: OpenKafkaClient): RecordPublisher {
  const producer: HeldConnection<Producer> = createHeldConnection({
    openClient,
    create: ({ kafka }) => kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner }),
    deadlineMs: SEND_DEADLINE_MS,
  });
  let calls: Call[] = [];
  let waiting = 0;
  let pumping: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  async function pump(): Promise<void> {
    await sleep(LINGER_MS);
    try {
      while (calls.length > 0) {
        await send(nextBatch(calls));
        calls = calls.filter(({ settled }) => !settled);
      }
    } finally {
      // At once: a call that comes next begins another.
      pumping = undefined;
    }
  }

  async function send(planned: readonly BatchPart<Call>[]): Promise<void> {
    const parts = planned.filter(({ call }) => !call.settled);
    if (parts.length === 0) return;
    const topicMessages = parts.map(({ call, count }) => ({ topic: call.topic, messages: call.records.slice(call.stored, call.stored + count) }));
    try {
      await producer.use((connection) => connection.sendBatch({ acks: ALL_REPLICAS, timeout: REPLICATION_TIMEOUT_MS, topicMessages }));
    } catch (error) {
      await sendAgain(parts, error);
      return;
    }
    for (const { call, count } of parts) {
      call.stored += count;
      if (call.stored === call.records.length) call.settle();
    }
  }

  async function sendAgain(parts: readonly BatchPart<Call>[], error: unknown): Promise<void> {
    const answer = answerOf(error);
    if (answer?.retriable === true) {
      // Until it is taken, or the deadlines of the callers are over.
      await sleep(NOT_NOW_MS);
      await send(parts);
    } else if (answer !== undefined && parts.length > 1) {
      // The broker refuses the whole for one bad record, which must not hold back what other callers sent.
      for (const part of parts) await send([part]);
    } else if (TOO_LARGE.has(answer?.type ?? '')) {
      // A broker or a topic may be told of a limit of its own.
      for (const { call } of parts) call.settle(new MessageTooLargeError(call.topic, reasonOf(error)));
    } else for (const { call } of parts) call.settle(error instanceof Error ? error : new Error(reasonOf(error)));
  }

  function add(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const sizes = records.map(sizeOf);
    if (sizes.some((size) => size > LARGEST_RECORD_BYTES)) throw new MessageTooLargeError(topic, `${LARGEST_RECORD_BYTES} bytes are the limit of a record with all its headers`);
    if (waiting + records.length > MOST_WAITING) throw new Error('too many messages wait to be published');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => { call.settle(new Error(`publishing to "${topic}": not within ${PUBLISH_DEADLINE_MS} ms`)); }, PUBLISH_DEADLINE_MS);
    const call: Call = {
      topic,
      records,
      sizes,
      stored: 0,
      settled: false,
      settle: (error) => {
        if (call.settled) return;
        call.settled = true;
        waiting -= records.length;
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      },
    };
    waiting += records.length;
    calls.push(call);
    pumping ??= pump();
    return promise;
  }

  async function close(): Promise<void> {
    await within(CLOSE_DEADLINE_MS, 'publishing the rest', pumping ?? Promise.resolve()).catch(() => undefined);
    for (const call of calls) call.settle(new Error('the event log is closed'));
    await producer.close();
  }

  return {
    publish: async (topic, records) => {
      if (closed !== undefined) throw new Error('the event log is closed');
      if (records.length > 0) await add(topic, records);
    },
    close: () => (closed ??= close()),
  };
}
