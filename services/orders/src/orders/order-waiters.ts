import type { Order } from '@doubleshot/contracts';

/** Somebody who waits for an order to be newer than `version` and as `until` wants it. */
export interface Waiter {
  version: number;
  until: (order: Order) => boolean;
  /** Called once; leaves by itself. */
  settle: (order: Order | undefined) => void;
}

/** Those who wait, by order. */
export interface OrderWaiters {
  size(): number;
  enter(orderId: string, waiter: Waiter): void;
  leave(orderId: string, waiter: Waiter): void;
  /** Settles the waiters that a change answers. */
  announce(order: Order): void;
  /** The oldest version in which each awaited order is known. */
  known(): ReadonlyMap<string, number>;
  settleAll(): void;
}

export function createOrderWaiters(): OrderWaiters {
  const waiting = new Map<string, Set<Waiter>>();
  let count = 0;

  return {
    size: () => count,
    enter: (orderId, waiter) => {
      waiting.set(orderId, (waiting.get(orderId) ?? new Set()).add(waiter));
      count += 1;
    },
    leave: (orderId, waiter) => {
      const waiters = waiting.get(orderId);
      if (waiters?.delete(waiter) !== true) return;
      count -= 1;
      if (waiters.size === 0) waiting.delete(orderId);
    },
    announce: (order) => {
      for (const waiter of waiting.get(order.id) ?? []) {
        if (order.version <= waiter.version) continue;
        waiter.version = order.version;
        if (waiter.until(order)) waiter.settle(order);
      }
    },
    known: () => new Map([...waiting].map(([orderId, waiters]) => [orderId, Math.min(...[...waiters].map(({ version }) => version))])),
    settleAll: () => {
      for (const waiters of waiting.values()) for (const waiter of waiters) waiter.settle(undefined);
    },
  };
}
