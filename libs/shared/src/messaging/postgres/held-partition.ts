import type { Message } from '../message.ts';
import { partitionName, type Lease } from './partition-leases.ts';

/** Records of one partition read but not committed: more are not read before the oldest is handled. */
export const WINDOW = 400;

/** After so many deaths at one position the next {@link WINDOW} records are handled one at a time, to find the one that kills. */
const CAREFUL_DEATHS = 2;
/** So many deaths of those who tried it alone make a record guilty. */
const GUILTY_SUSPICIONS = 2;

export interface LogRecord {
  topic: string;
  partition: number;
  position: number;
  message: Message;
}

/** A partition in the hands of this member: what was read of it, what is handled, and how far its cursor may move. */
export interface HeldPartition {
  readonly name: string;
  readonly lease: Lease;
  /** False once the lease is known to be lost or given back. */
  live: boolean;
  /** Giving it back: read no more. */
  leaving: boolean;
  /** Where to read on, and how much; nothing when the window is full. */
  nextRead(): { after: number; limit: number } | undefined;
  read(record: LogRecord): void;
  handled(position: number): void;
  /** The position up to which everything is handled, when it lies beyond what was committed. */
  toCommit(): number | undefined;
  committed(position: number): void;
  busy(): boolean;
  /** Whether records must be tried one at a time, because those who held this partition died. */
  careful(): boolean;
  /** Whether this record must be parked unseen, because those who tried it alone died. */
  guilty(position: number): boolean;
}

export function createHeldPartition(lease: Lease): HeldPartition {
  const done = new Set<number>();
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
      const unhandled = readTo - committedTo;
      const limit = careful() ? 1 - unhandled : WINDOW - unhandled;
      return limit > 0 ? { after: readTo, limit } : undefined;
    },
    read: ({ position }) => {
      // Before the oldest record that was kept there is nothing to handle; beyond it positions have no gaps.
      if (readTo === handledTo && position > readTo + 1) handledTo = committedTo = position - 1;
      readTo = position;
    },
    handled: (position) => {
      done.add(position);
      while (done.delete(handledTo + 1)) handledTo += 1;
    },
    toCommit: () => (handledTo > committedTo ? handledTo : undefined),
    committed: (position) => { committedTo = Math.max(committedTo, position); },
    busy: () => readTo > committedTo,
    careful,
    guilty: (position) => lease.suspicions >= GUILTY_SUSPICIONS && position === lease.position + 1,
  };
}
