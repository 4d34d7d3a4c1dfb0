import { expect, test } from 'vitest';
import { isolationOf, type WindowPair } from './isolation-of.ts';

const DISTURBED = { module: 'notifications', disturbance: 'event loop busy', ratePerSecond: 400 };
const pair = (alone: number | null, beside: number | null, reason: string | null = null): WindowPair => ({ alone: { void: null, result: { p99Ms: alone } }, beside: { void: reason, result: { p99Ms: beside } } });

test('when windows lie side by side, then each brew is told by how much it slows down, whatever drifts', () => {
  const rows = isolationOf([{ topology: 'monolith', pairs: [pair(2, 100), pair(4, 200), pair(3, 150)] }, { topology: 'microservices', pairs: [pair(4, 4), pair(6, 6)] }], DISTURBED);
  expect(rows.map(({ topology, ratio }) => [topology, ratio.estimate.toFixed(2), ratio.pairs.length])).toEqual([['monolith', '50.00', 3], ['microservices', '1.00', 2]]);
  expect(rows[0]?.p99Ms).toMatchObject({ alone: { values: [2, 4, 3] }, beside: { values: [100, 200, 150] } });
});

test('when one window of a pair does not count, then neither does, and a brew without pairs has no row', () => {
  const rows = isolationOf([{ topology: 'monolith', pairs: [pair(2, 100), pair(2, 900, 'other programs used 0.40 of a core')] }, { topology: 'microservices', pairs: [pair(null, 5)] }], DISTURBED);
  expect(rows.map(({ topology, p99Ms }) => [topology, p99Ms.alone.n, p99Ms.beside.max])).toEqual([['monolith', 1, 100]]);
});
