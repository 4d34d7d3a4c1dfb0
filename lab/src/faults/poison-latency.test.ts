import { expect, test } from 'vitest';
import type { ObservedStreamEvent } from '../audit/observation.ts';
import { createNotifiedLatency } from './poison-latency.ts';

let at = 0;

function told(orderId: string, what: ObservedStreamEvent['told'] = 'notification'): ObservedStreamEvent {
  return { customerId: 'c', streamId: 1, connection: 1, orderId, told: what };
}

test('an order counts where it was sent, and among poison when it was told about there; the first time counts', () => {
  const latency = createNotifiedLatency(() => at);
  latency.sent('cold', 0);
  latency.told(told('cold'), 900);
  at = 1_000;
  latency.warm();
  latency.told(told('quick'), 1_010);
  latency.sent('quick', 1_000);
  latency.told(told('quick'), 5_000);
  latency.sent('late', 1_900);
  latency.sent('never', 1_950);
  at = 2_000;
  latency.poisoned();
  latency.told(told('late', 'ready'), 2_010);
  latency.told(told('late'), 2_400);
  latency.sent('last', 2_100);
  latency.told(told('last'), 2_120);
  const { warmingUp, undisturbed, poisoned } = latency.summary();
  expect([warmingUp, undisturbed, poisoned].map(({ count, maxMs }) => [count, Math.round(maxMs)])).toEqual([[1, 900], [1, 10], [2, 500]]);
});
