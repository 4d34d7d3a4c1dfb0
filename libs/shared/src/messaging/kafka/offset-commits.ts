import type { EachBatchPayload } from 'kafkajs';
import type { Logger } from 'pino';
import { passStep } from '../../telemetry/steps.ts';
import type { HeldPartition, TakenPartition } from '../held-partition.ts';
import { encodeMarks, GIVEN_BACK, type DeathMarks } from './death-marks.ts';

/** Commits wait this long for company: what a consumer finished within it comes again when it is killed. */
const COMMIT_EVERY_MS = 50;
const AFTER_ERROR_MS = 500;

/** A partition with what is remembered of those who held it. */
export interface MarkedPartition extends TakenPartition {
  marks: DeathMarks;
}

export type Held = HeldPartition<MarkedPartition>;

/** Writes down how far a member got in its partitions. The broker refuses it once they were given to another. */
export interface OffsetCommits {
  /** Commits go by the way a batch shows, which ends with the membership it came in. */
  via(payload: EachBatchPayload): void;
  /** Says that the partition is in our hands: if that is not taken back, we died. */
  take(partition: Held): Promise<void>;
  tryAlone(partition: Held, position: number): Promise<void>;
  now(): Promise<void>;
  soon(): void;
  /** The last commit: also says that the partitions were given back in order. */
  giveBack(): Promise<void>;
  /** Nothing is sent any more, for it would be sent in the name of the next membership. */
  close(): void;
}

interface Entry {
  partition: Held;
  /** Of the next record to handle. */
  offset: number;
  metadata: string;
}

export interface OffsetCommitsOptions {
  group: string;
  held: ReadonlyMap<string, Held>;
  logger: Logger;
  /** Called when there may be room for more records. */
  onCommitted(): void;
}

export function createOffsetCommits({ group, held, logger, onCommitted }: OffsetCommitsOptions): OffsetCommits {
  let send: EachBatchPayload['commitOffsetsIfNecessary'] = () => Promise.reject(new Error('no batch came yet'));
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let state: 'open' | 'giving back' | 'closed' = 'open';

  // One after another, so that an offset never goes back.
  function commit(entries: () => readonly Entry[], during: 'open' | 'giving back' = 'open'): Promise<void> {
    const turn = sending.then(async () => {
      if (state !== during) throw new Error('the partitions were given back');
      const due = entries();
      if (due.length === 0) return;
      for (const { partition } of due) passStep('before offset commit of', partition.lease.topic);
      await send({ topics: due.map(({ partition: { lease }, offset, metadata }) => ({ topic: lease.topic, partitions: [{ partition: lease.partition, offset: String(offset), metadata }] })) });
      for (const { partition } of due) passStep('after offset commit of', partition.lease.topic);
      for (const { partition, offset } of due) partition.committed(offset - 1);
      onCommitted();
    });
    sending = turn.catch(() => undefined);
    return turn;
  }

  function progress(): Entry[] {
    return live().flatMap((partition) => {
      const position = partition.toCommit();
      if (position === undefined) return [];
      // What was suspected is handled: the next record is not guilty of it.
      const { deaths, diedAt } = (partition.lease.marks = { ...partition.lease.marks, suspicions: 0 });
      return [{ partition, offset: position + 1, metadata: encodeMarks({ deaths, diedAt, suspicions: 0 }) }];
    });
  }

  function live(): Held[] {
    return [...held.values()].filter((partition) => partition.live);
  }

  function soon(afterMs = COMMIT_EVERY_MS): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      commit(progress).catch((error: unknown) => {
        if (state !== 'open') return;
        logger.warn({ err: error, group }, 'offsets were not committed, it is tried again');
        soon(AFTER_ERROR_MS);
      });
    }, afterMs);
  }

  return {
    via: ({ commitOffsetsIfNecessary }) => { send = commitOffsetsIfNecessary; },
    take: (partition) => commit(() => [{ partition, offset: partition.lease.position + 1, metadata: encodeMarks(partition.lease.marks) }]),
    tryAlone: (partition, position) => commit(() => [{ partition, offset: position, metadata: encodeMarks({ ...partition.lease.marks, trying: position }) }]),
    now: () => commit(progress),
    soon: () => { soon(); },
    giveBack: async () => {
      clearTimeout(timer);
      state = 'giving back';
      await commit(() => live().map((partition) => ({ partition, offset: (partition.toCommit() ?? partition.committedTo()) + 1, metadata: GIVEN_BACK })), 'giving back');
    },
    close: () => { state = 'closed'; },
  };
}
