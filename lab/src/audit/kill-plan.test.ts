import { expect, test } from 'vitest';
import { planKills } from './kill-plan.ts';

const OPTIONS = { killsPerProcess: 3, orders: 1000, seed: 5 };

test('when kills are planned, then each process is killed as often as asked, within the load', () => {
  const plan = planKills(['gateway', 'orders'], OPTIONS);
  expect(plan.filter(({ process }) => process === 'gateway')).toHaveLength(3);
  expect(plan).toHaveLength(6);
  expect(plan.every(({ afterOrders }) => afterOrders >= 50 && afterOrders < 950)).toBe(true);
});

test('when the seed is the same, then the moments are; when it is another, they are not', () => {
  expect(planKills(['a'], OPTIONS)).toEqual(planKills(['a'], OPTIONS));
  expect(planKills(['a'], OPTIONS)).not.toEqual(planKills(['a'], { ...OPTIONS, seed: 6 }));
});
