import type { Delivery, DeliveryHandler, Outcome } from './message.ts';
import { reasonOf } from './retry-policy.ts';

/** Delay before the next try when a handler rejects instead of answering an outcome. */
export const REJECTED_DELAY_MS = 100;

/** Runs a handler once. Never rejects: a handler that does counts as `retry`. */
export async function attemptDelivery(handler: DeliveryHandler, delivery: Delivery): Promise<Outcome> {
  try {
    return await handler(delivery);
  } catch (error) {
    return { kind: 'retry', delayMs: REJECTED_DELAY_MS, reason: reasonOf(error) };
  }
}
