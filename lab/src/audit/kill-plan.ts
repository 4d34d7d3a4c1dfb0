import { createSeededRandom } from '../load/seeded-random.ts';

/** One `kill -9`. */
export interface PlannedKill {
  process: string;
  /** When this many orders have been sent… */
  afterOrders: number;
  /** …and this much later, so that it falls anywhere within the work on an order. */
  delayMs: number;
}

const LARGEST_DELAY_MS = 100;
// The first and last orders are left alone: before there is load, and after it, a kill proves little.
const FROM_SHARE = 0.05;
const TO_SHARE = 0.95;

/** Chooses, from the seed alone, when each process is killed. */
export function planKills(processes: readonly string[], options: { killsPerProcess: number; orders: number; seed: number }): PlannedKill[] {
  const random = createSeededRandom(options.seed ^ 0x51ab1e);
  const moment = (): number => Math.floor(options.orders * (FROM_SHARE + random.next() * (TO_SHARE - FROM_SHARE)));
  return processes
    .flatMap((process) => Array.from({ length: options.killsPerProcess }, () => ({ process, afterOrders: moment(), delayMs: random.below(LARGEST_DELAY_MS) })))
    .sort((a, b) => a.afterOrders - b.afterOrders);
}
