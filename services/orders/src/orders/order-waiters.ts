import type { Order } from '@doubleshot/contracts';

/** Somebody who waits for an order to be newer than `version` and as `until` wants it. */
export interface Waiter {
  version: number;
  until: (order: Order) => boolean;
  /** Called once; leaves by itself. */
  settle: (order: Order | undefined) => void;
}

type AwaitedOrder = Pick<Order, 'id' | 'customerId'>;

/** Those who wait, by order. */
export interface OrderWaiters {
  size(): number;
  /** How many wait for orders of this customer. */
  sizeOf(customerId: string): number;
  enter(order: AwaitedOrder, waiter: Waiter): void;
  leave(order: AwaitedOrder, waiter: Waiter): void;
  /** Settles the waiters that a change answers. */
  announce(order: Order): void;
  /** The oldest version in which each awaited order is known. */
  known(): ReadonlyMap<string, number>;
  settleAll(): void;
}

export function createOrderWaiters(): OrderWaiters {
  const waiting = new Map<string, Set<Waiter>>();
  const ofCustomers = new Map<string, number>();
  let count = 0;

  function add(customerId: string, change: 1 | -1): void {
    count += change;
    const left = (ofCustomers.get(customerId) ?? 0) + change;
    if (left === 0) ofCustomers.delete(customerId);
    else ofCustomers.set(customerId, left);
  }

  return {
    size: () => count,
    sizeOf: (customerId) => ofCustomers.get(customerId) ?? 0,
    enter: ({ id, customerId }, waiter) => {
      waiting.set(id, (waiting.get(id) ?? new Set()).add(waiter));
      add(customerId, 1);
    },
    leave: ({ id, customerId }, waiter) => {
      const waiters = waiting.get(id);
      if (waiters?.delete(waiter) !== true) return;
      add(customerId, -1);
      if (waiters.size === 0) waiting.delete(id);
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
