import type { Order } from '@doubleshot/contracts';
import { withSpan } from '@doubleshot/shared/telemetry';
import { createAdaptivePoll } from './adaptive-poll.ts';
import { createOrderWaiters, type Waiter } from './order-waiters.ts';

/** Lets requests wait for their orders: told at once of changes made in this process, and of others by one query for all of them. */
export interface OrderWatch {
  /**
   * Resolves with the order as soon as it is newer than `after` and `until` accepts it; without one after `waitMs`, and, without having honoured the wait, when
   * the client goes away, when too many wait already, for orders of this customer or at all, or when the watch closes. Never rejects.
   */
  next(wait: OrderWait): Promise<OrderWaitEnd>;
  /** Tells those who wait of a committed change. */
  announce(order: Order): void;
  /** Requests that wait now. */
  size(): number;
  /** Answers everybody. */
  close(): void;
}

export interface OrderWait {
  after: Order;
  until: (order: Order) => boolean;
  waitMs: number;
  signal: AbortSignal;
}

export interface OrderWaitEnd {
  order: Order | undefined;
  /** Whether it waited as it was asked to: until the change, or for the whole time. */
  honoured: boolean;
}

export interface OrderWatchOptions {
  /** Of the orders given with the version known, those that have changed. */
  findChanged: (known: ReadonlyMap<string, number>) => Promise<readonly Order[]>;
  onError: (error: unknown) => void;
  mostWaiters?: number;
  mostWaitersOfCustomer?: number;
}

const MOST_WAITERS = 10_000;
/** Of one customer in one process: nobody takes the places of all. */
export const MOST_WAITERS_OF_CUSTOMER = 20;
const CUT_SHORT: OrderWaitEnd = { order: undefined, honoured: false };

export function createOrderWatch(options: OrderWatchOptions): OrderWatch {
  const { findChanged, onError, mostWaiters = MOST_WAITERS, mostWaitersOfCustomer = MOST_WAITERS_OF_CUSTOMER } = options;
  const waiters = createOrderWaiters();
  let closed = false;

  async function look(): Promise<boolean> {
    const changed = await findChanged(waiters.known());
    changed.forEach(waiters.announce);
    return changed.length > 0;
  }
  const poll = createAdaptivePoll({ wanted: () => waiters.size() > 0, look, onError });

  function mayWait({ after, waitMs, signal }: OrderWait): boolean {
    return !closed && !signal.aborted && waitMs > 0 && waiters.size() < mostWaiters && waiters.sizeOf(after.customerId) < mostWaitersOfCustomer;
  }

  function wait({ after, until, waitMs, signal }: OrderWait, resolve: (end: OrderWaitEnd) => void): void {
    const end = (how: OrderWaitEnd): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', leave);
      waiters.leave(after, waiter);
      resolve(how);
    };
    const leave = (): void => { end(CUT_SHORT); };
    const deadline = setTimeout(() => { end({ order: undefined, honoured: true }); }, waitMs);
    const settle = (order: Order | undefined): void => { end(order === undefined ? CUT_SHORT : { order, honoured: true }); };
    const waiter: Waiter = { version: after.version, until, settle };
    signal.addEventListener('abort', leave, { once: true });
    waiters.enter(after, waiter);
    poll.quicken();
  }

  return {
    next: (asked) => {
      if (!mayWait(asked)) return Promise.resolve(CUT_SHORT);
      // A span, so that a trace tells this wait from work.
      return withSpan('wait for the order', {}, () => new Promise((resolve) => { wait(asked, resolve); }));
    },
    announce: waiters.announce,
    size: waiters.size,
    close: () => {
      closed = true;
      poll.close();
      waiters.settleAll();
    },
  };
}
