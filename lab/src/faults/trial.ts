import type { LoadParts } from '../audit/audit-load.ts';
import type { Customer } from '../load/customers.ts';
import type { SeededRandom } from '../load/seeded-random.ts';
import type { RunningShop } from '../topology/shop.ts';
import type { Journey } from '../journeys/journey.ts';

/** One way to break a shop, and to mend it. */
export interface Trial {
  /** Row of the fault matrix: `F5`. */
  fault: string;
  /** `Kafka down`. Unique within the fault. */
  name: string;
  /** Breaks it, waits, mends it; resolves when what it broke runs again. */
  inflict(scene: Scene): Promise<Infliction>;
  /** What must hold, beside a clean ledger. */
  expects?: Expectations;
}

export interface Infliction {
  /** Ends of a process or connection that an e-mail under way may have met: it may come again with the same id. */
  kills: number;
  /** Pipes where messages stay parked that nobody can handle: no finding, and the shop is of no further use. */
  leaves?: readonly string[];
  /** By `performance.now()`, when that is not the moment at which `inflict` resolves: nothing is broken any more from then on. */
  mendedAt?: number;
  /** From when on it is counted until an order is announced again; `mendedAt` unless told. */
  effectFrom?: number;
  /** What else was seen, for people. */
  notes?: readonly string[];
  /** What should not have been. */
  faults?: readonly string[];
}

export interface Expectations {
  /** Journeys of which no attempt may go wrong, meanwhile and afterwards. */
  works?: readonly Journey[];
  /** Journeys of which some attempt must go wrong meanwhile: otherwise nothing was broken. */
  suffers?: readonly Journey[];
  /** Journeys of which every wrong answer must be one of these… */
  only?: Readonly<Partial<Record<Journey, readonly string[]>>>;
  /** …and come so fast. */
  errorsWithinMs?: number;
  /** From mended on, until no journey goes wrong any more. */
  recoversWithinMs?: number;
  /** From mended on, or from {@link Infliction.effectFrom}, until an order is announced that was accepted since. */
  toldAgainWithinMs?: number;
  /** Slowest 1 % of orders as a multiple of what it was before. Not judged in a quick run, which has too few orders for it. */
  orderP99Times?: number;
  /** The same of all that works, in milliseconds more. */
  addedP99Ms?: number;
  /** Orders announced for each that is accepted, from mended on until the backlog is gone. Not judged in a quick run, whose backlog is gone at once. */
  drainsTimes?: number;
}

/** What a trial works with. */
export interface Scene {
  shop: RunningShop;
  parts: LoadParts;
  /** Customers who are looked at, and whom the load leaves alone. */
  spare: readonly Customer[];
  random: SeededRandom;
  /** Orders per second. */
  rate: number;
  /** Whether faults last as long as the matrix says. */
  full: boolean;
  /** A trial of many faults goes on until so many orders were accepted. */
  orders: number;
  /** How many were so far. */
  accepted(): number;
  /** Waits for as long as the fault is to last: what the matrix says, or less in a quick run. */
  hold(fullMs: number): Promise<void>;
  /** How far a long fault is, for who waits. */
  onProgress(message: string): void;
}
