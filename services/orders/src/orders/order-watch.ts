import type { Order } from '@doubleshot/contracts';
import { withSpan } from '@doubleshot/shared/telemetry';
import { createAdaptivePoll } from './adaptive-poll.ts';
import { createOrderWaiters, type Waiter } from './order-waiters.ts';

/** Lets requests wait for their orders: told at once of changes made in this process, and of others by one query for all of them. */
export interface OrderWatch {
  /**
   * Resolves with the order as soon as it is newer than `after` and `until` accepts it; with `undefined` after `waitMs`, when the client goes away,
   * when too many wait already, or when the watch closes. Never rejects.
   */
  next(wait: OrderWait): Promise<Order | undefined>;
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

export interface OrderWatchOptions {
  /** Of the orders given with the version known, those that have changed. */
  findChanged: (known: ReadonlyMap<string, number>) => Promise<readonly Order[]>;
  onError: (error: unknown) => void;
  mostWaiters?: number;
}

const MOST_WAITERS = 10_000;

export function createOrderWatch({ findChanged, onError, mostWaiters = MOST_WAITERS }: OrderWatchOptions): OrderWatch {
  const waiters = createOrderWaiters();
  let closed = false;

  async function look(): Promise<boolean> {
    const changed = await findChanged(waiters.known());
    changed.forEach(waiters.announce);
    return changed.length > 0;
  }
  const poll = createAdaptivePoll({ wanted: () => waiters.size() > 0, look, onError });

  function wait({ after, until, waitMs, signal }: OrderWait, resolve: (order: Order | undefined) => void): void {
    const end = (): void => { settle(undefined); };
    const deadline = setTimeout(end, waitMs);
    const settle = (order: Order | undefined): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', end);
      waiters.leave(after.id, waiter);
      resolve(order);
    };
    const waiter: Waiter = { version: after.version, until, settle };
    signal.addEventListener('abort', end, { once: true });
    waiters.enter(after.id, waiter);
    poll.quicken();
  }

  return {
    next: (options) => {
      if (closed || options.signal.aborted || options.waitMs <= 0 || waiters.size() >= mostWaiters) return Promise.resolve(undefined);
      // A span, so that a trace tells this wait from work.
      return withSpan('wait for the order', {}, () => new Promise((resolve) => { wait(options, resolve); }));
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
