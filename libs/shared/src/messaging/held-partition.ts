import type { Message } from './message.ts';

/** Records of one partition read but not committed: more are not read before the oldest is handled. */
export const WINDOW = 400;

/** After so many deaths at one position the next {@link WINDOW} records are handled one at a time, to find the one that kills. */
const CAREFUL_DEATHS = 2;
/** So many deaths of those who tried it alone make a record guilty. Two may be chance, where consumers are killed soon after each start. */
const GUILTY_SUSPICIONS = 3;

export interface LogRecord {
  topic: string;
  partition: number;
  position: number;
  message: Message;
}

/** A partition as its new owner found it. */
export interface TakenPartition {
  topic: string;
  partition: number;
  /** Position of the last record handled. */
  position: number;
  /** How many owners in a row died with unhandled records at this position. */
  deaths: number;
  /** How many of them while they tried the next record alone. */
  suspicions: number;
}

export function partitionName({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}

/** A partition in the hands of this member: what was read of it, what is handled, and how far its cursor may move. */
export interface HeldPartition<T extends TakenPartition = TakenPartition> {
  readonly name: string;
  readonly lease: T;
  /** False once it is known to be lost or given back. */
  live: boolean;
  /** Giving it back: read no more. */
  leaving: boolean;
  /** Where to read on, and how much; nothing when the window is full. */
  nextRead(): { after: number; limit: number } | undefined;
  /** Positions may have gaps: where records expired, or are not for readers. */
  read(record: LogRecord): void;
  handled(position: number): void;
  /** The position up to which everything is handled, when it lies beyond what was committed. */
  toCommit(): number | undefined;
  committed(position: number): void;
  /** The position that was last committed, or that of the beginning. */
  committedTo(): number;
  busy(): boolean;
  /** Whether records must be tried one at a time, because those who held this partition died. */
  careful(): boolean;
  /** Whether this record must be parked unseen, because those who tried it alone died. */
  guilty(position: number): boolean;
}

export function createHeldPartition<T extends TakenPartition>(lease: T): HeldPartition<T> {
  const done = new Set<number>();
  /** Read and not committed, in order; the first `handledCount` of them are handled. */
  const window: number[] = [];
  let handledCount = 0;
  let readTo = lease.position;
  let handledTo = lease.position;
  let committedTo = lease.position;
  const careful = (): boolean => lease.deaths >= CAREFUL_DEATHS && handledTo < lease.position + WINDOW;

  return {
    name: partitionName(lease),
    lease,
    live: true,
    leaving: false,
    nextRead: () => {
      const limit = (careful() ? 1 : WINDOW) - window.length;
      return limit > 0 ? { after: readTo, limit } : undefined;
    },
    read: ({ position }) => {
      window.push(position);
      readTo = position;
    },
    handled: (position) => {
      done.add(position);
      while (done.delete(window[handledCount] ?? NaN)) {
        handledCount += 1;
        handledTo = (window[handledCount] ?? readTo + 1) - 1;
      }
    },
    toCommit: () => (handledCount > 0 ? handledTo : undefined),
    committed: (position) => {
      committedTo = Math.max(committedTo, position);
      while (handledCount > 0 && (window[0] ?? Infinity) <= position) {
        window.shift();
        handledCount -= 1;
      }
    },
    committedTo: () => committedTo,
    busy: () => window.length > 0,
    careful,
    guilty: (position) => lease.suspicions >= GUILTY_SUSPICIONS && position === lease.position + 1,
  };
}
