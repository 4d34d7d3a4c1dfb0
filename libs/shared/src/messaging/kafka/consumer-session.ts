import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { createDrain } from '../drain.ts';
import { createHeldPartition, partitionName, type LogRecord } from '../held-partition.ts';
import { createKeyedLanes } from '../keyed-lanes.ts';
import type { DeliveryHandler } from '../message.ts';
import { createRecordTaker } from '../record-taker.ts';
import { marksOfTaker } from './death-marks.ts';
import { createOffsetCommits, type Held } from './offset-commits.ts';
import { decodeMessage, replayedFor } from './record-codec.ts';
import { within } from '../within.ts';

/** Messages of different keys that one subscription handles at once. */
const CONCURRENCY = 16;
/** How long a full window may stand still before its partition is read no more, and holds up no other. */
const STALL_MS = 200;
const LOOK_EVERY_MS = 5;
const LAST_COMMIT_DEADLINE_MS = 2_000;

export interface SessionOptions {
  group: string;
  handler: DeliveryHandler;
  park(record: LogRecord, attempts: number, reason: string): Promise<void>;
  /** The committed offset of the group in a partition, below 0 without one, and its metadata. */
  committed(topic: string, partition: number): Promise<{ offset: number; metadata: string | null }>;
  logger: Logger;
}

/** What a session needs to know of its place in the group. */
export interface Membership {
  /** Whether the broker was heard of lately enough to still be a member. */
  inTouch(): boolean;
  /** A partition cannot be gone on with: only a new membership reads it again, from what was committed. */
  onLost(partition: string): void;
}

/**
 * One membership of a group, from a join to the next: the records in hand, their handling in order per key, the commits of what was handled.
 * A join always begins a new one, at the committed offsets, so nothing of a partition that was lost is handled or committed.
 */
export interface ConsumerSession {
  /** Takes the records of a batch as far as there is room. */
  onBatch(payload: EachBatchPayload): Promise<void>;
  /** Begins no other handler, waits for those that run, commits and gives back. Bounded, idempotent. */
  end(withinMs: number): Promise<void>;
  ended(): boolean;
}

export function createConsumerSession(options: SessionOptions, { inTouch, onLost }: Membership): ConsumerSession {
  const { group, handler, park, committed, logger } = options;
  const drain = createDrain(0);
  const lanes = createKeyedLanes({ concurrency: CONCURRENCY, handler, drain });
  const held = new Map<string, Held>();
  const resumes = new Map<Held, () => void>();
  const commits = createOffsetCommits({ group, held, logger, onCommitted: resumeWhereRoom });
  const take = createRecordTaker<Held>({ group, lanes, inTouch, park, tryAlone: commits.tryAlone, commit: commits.now, commitSoon: commits.soon, lose });
  let ending: Promise<void> | undefined;
  let ended = false;

  function lose(partition: Held): void {
    partition.live = false;
    if (ending === undefined) onLost(partition.name);
  }

  async function hold({ batch: { topic, partition: number }, ...payload }: EachBatchPayload, fetchedFrom: number): Promise<Held | undefined> {
    const { offset, metadata } = await committed(topic, number);
    const position = payload.uncommittedOffsets().topics.find((each) => each.topic === topic)?.partitions.find((each) => each.partition === number)?.offset;
    // A batch that was fetched before the join begins elsewhere: to take it would be to skip what lies between.
    if (offset >= 0 && offset !== fetchedFrom && Number(position) !== fetchedFrom) return undefined;
    const marks = marksOfTaker(fetchedFrom, metadata);
    const partition: Held = createHeldPartition({ topic, partition: number, position: fetchedFrom - 1, deaths: marks.deaths, suspicions: marks.suspicions, marks });
    if (marks.deaths > 0) logger.warn({ group, partition: partition.name, deaths: marks.deaths }, 'took over a partition whose consumer died');
    await commits.take(partition);
    held.set(partition.name, partition);
    return partition;
  }

  function takeRecord(record: KafkaMessage, partition: Held): void {
    const { topic, partition: number } = partition.lease;
    const position = Number(record.offset);
    const logRecord = { topic, partition: number, position, message: decodeMessage(record, `${partition.name}/${record.offset}`) };
    if ((replayedFor(record) ?? group) === group) {
      take(logRecord, partition);
      return;
    }
    partition.read(logRecord);
    partition.handled(position);
    commits.soon();
  }

  async function onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, pause } = payload;
    if (ending !== undefined) {
      await sleep(LOOK_EVERY_MS);
      return;
    }
    commits.via(payload);
    // Not among the types, but what kafkajs asked the broker for.
    const { fetchedOffset } = batch as typeof batch & { fetchedOffset: string };
    const partition = held.get(partitionName(batch)) ?? (await hold(payload, Number(fetchedOffset)));
    if (partition === undefined) return;
    for (const record of batch.messages) {
      if (!(await room(partition, payload))) {
        if (ending === undefined) resumes.set(partition, pause());
        return;
      }
      takeRecord(record, partition);
      resolveOffset(record.offset);
    }
  }

  /** Whether there is room for a record, waiting for it while there is progress. */
  async function room(partition: Held, { heartbeat }: EachBatchPayload): Promise<boolean> {
    let committedTo = partition.committedTo();
    let untilMs = performance.now() + STALL_MS;
    while (ending === undefined && partition.live) {
      if (partition.nextRead() !== undefined) return true;
      if (partition.committedTo() > committedTo) untilMs = performance.now() + STALL_MS;
      if (performance.now() > untilMs) return false;
      committedTo = partition.committedTo();
      await heartbeat();
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  function resumeWhereRoom(): void {
    for (const [partition, resume] of resumes) {
      if (partition.nextRead() === undefined || !partition.live) continue;
      resumes.delete(partition);
      resume();
    }
  }

  async function end(withinMs: number): Promise<void> {
    await drain.close(withinMs);
    lanes.clear();
    try {
      await within(LAST_COMMIT_DEADLINE_MS, 'committing offsets', commits.giveBack());
    } catch (error) {
      logger.warn({ err: error, group }, 'the last offsets were not committed: what was handled behind them comes again');
    }
    commits.close();
    for (const partition of held.values()) partition.live = false;
    for (const resume of resumes.values()) resume();
    ended = true;
  }

  return { onBatch, end: (withinMs) => (ending ??= end(withinMs)), ended: () => ended };
}
