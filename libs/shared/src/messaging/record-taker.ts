import type { HeldPartition, LogRecord } from './held-partition.ts';
import type { KeyedLanes } from './keyed-lanes.ts';
import { passSettling } from './settle-steps.ts';

export interface RecordTakerOptions<P extends HeldPartition> {
  group: string;
  lanes: KeyedLanes;
  /** Whether this member may still handle what it holds, as far as the clock tells. */
  inTouch(): boolean;
  park(record: LogRecord, attempts: number, reason: string): Promise<void>;
  /** Writes down that the record at `position` is tried alone, so that its trier's death speaks against it. */
  tryAlone(partition: P, position: number): Promise<void>;
  /** Commits what was handled, now. */
  commit(): Promise<void>;
  commitSoon(): void;
  lose(partition: P): void;
}

/** Puts records that were read into their lanes; those under suspicion of killing their consumers one at a time. */
export type RecordTaker<P extends HeldPartition> = (record: LogRecord, partition: P) => void;

export function createRecordTaker<P extends HeldPartition>(options: RecordTakerOptions<P>): RecordTaker<P> {
  const { group, lanes, inTouch, park, commitSoon, lose } = options;
  let alone: Promise<void> = Promise.resolve();

  /** Handles one record while no other suspect is handled, and commits it before the next. */
  async function tryAlone(partition: P, position: number, add: (settled: () => void) => void): Promise<void> {
    if (!partition.live) return;
    await options.tryAlone(partition, position);
    await new Promise<void>((resolve) => { add(resolve); });
    await options.commit();
  }

  return (record, partition) => {
    const { topic: source, message, position } = record;
    partition.read(record);
    const handled = (): void => {
      partition.handled(position);
      commitSoon();
    };
    const add = (settled: () => void): void => {
      lanes.add({
        lane: `${partition.name}/${message.key}`,
        delivery: { message, source, group },
        attempt: 1,
        live: () => {
          const live = partition.live && inTouch();
          if (!live) settled();
          return live;
        },
        settle: async (outcome, attempts) => {
          if (outcome.kind === 'park') {
            passSettling('before', 'park', source, message.id);
            await park(record, attempts, outcome.reason);
            passSettling('after', 'park', source, message.id);
          }
          handled();
          settled();
        },
      });
    };
    if (partition.guilty(position)) park(record, partition.lease.suspicions, 'every consumer that handled it died').then(handled, () => { lose(partition); });
    else if (partition.careful()) alone = alone.then(() => tryAlone(partition, position, add)).catch(() => { lose(partition); });
    else add(() => undefined);
  };
}
