import { expect, test } from 'vitest';
import { JOURNEYS, type Journey } from '../journeys/journey.ts';
import { judge, type Outcome } from './judge.ts';
import type { JourneyEffect } from '../journeys/timeline.ts';

const FINE: JourneyEffect = { effect: 'works', attempts: 10, errorRate: 0, p99Ms: { before: 5, during: 5 }, recoveredAfterMs: 0, errors: {}, slowestErrorMs: 0 };
const BROKEN: JourneyEffect = { ...FINE, effect: 'fails', errorRate: 1, errors: { unavailable: 9, ECONNRESET: 1 }, slowestErrorMs: 1_800, recoveredAfterMs: 3_000 };

function outcome(broken: readonly Journey[], recoveredAfterMs: number): Outcome {
  const journeys = Object.fromEntries(JOURNEYS.map((journey) => [journey, broken.includes(journey) ? BROKEN : FINE])) as Record<Journey, JourneyEffect>;
  return { journeys, recoveredAfterMs, toldAgainAfterMs: 400 };
}

test('when all is as expected, then there is nothing to say', () => {
  expect(judge({ works: ['menu'], only: { order: ['unavailable', 'ECONNRESET'] }, errorsWithinMs: 2_000, recoversWithinMs: 3_000 }, outcome(['order'], 3_000))).toEqual([]);
});

test('when a journey went wrong that must not, then its answers are told', () => {
  expect(judge({ works: ['order', 'menu'] }, outcome(['order'], 0))).toEqual(['"order" went wrong: 9 × unavailable, 1 × ECONNRESET']);
});

test('a journey that must not go wrong must not do so afterwards either', () => {
  const afterwards: Outcome = outcome([], 0);
  expect(judge({ works: ['order'] }, { ...afterwards, journeys: { ...afterwards.journeys, order: { ...FINE, errors: { unavailable: 1 }, recoveredAfterMs: 900 } } })).toEqual(['"order" went wrong: 1 × unavailable']);
});

test('when nothing went wrong that had to, then nothing was broken', () => {
  expect(judge({ suffers: ['order', 'look'] }, outcome(['order'], 0))).toEqual(['"look" went on as if nothing were broken']);
});

test('when wrong answers are others than allowed, or too slow, then both are told', () => {
  expect(judge({ only: { order: ['unavailable'] }, errorsWithinMs: 1_000 }, outcome(['order'], 0))).toEqual([
    '"order" was answered with ECONNRESET',
    '"order" took 1800 ms to say that it cannot, and may take 1000',
  ]);
});

test('when it took too long to recover, then it is told how long', () => {
  expect(judge({ recoversWithinMs: 2_000 }, outcome(['order'], 3_000))).toEqual(['recovered after 3000 ms, and may take 2000']);
});

test('when nothing was announced for too long, then it is told', () => {
  expect(judge({ toldAgainWithinMs: 300 }, outcome([], 0))).toEqual(['an order was announced after 400 ms, and it may take 300']);
});

test('a full run is judged by how much slower what works became', () => {
  const slower: Outcome = { ...outcome([], 0), journeys: { ...outcome([], 0).journeys, menu: { ...FINE, p99Ms: { before: 20, during: 271 } }, look: { ...FINE, p99Ms: { before: 20, during: 270 } } } };
  expect(judge({ works: ['menu', 'look'], addedP99Ms: 250 }, slower)).toEqual([]);
  expect(judge({ works: ['menu', 'look'], addedP99Ms: 250 }, { ...slower, drain: { afterMs: 0, times: 1 } })).toEqual(['the slowest 1 % of "menu" took 271 ms, 20 ms before, and may take 250 ms more']);
});

test('a full run is judged by how slow orders became and how fast the backlog went, a quick one is not', () => {
  const expects = { orderP99Times: 2, drainsTimes: 2 };
  const slower: Outcome = { ...outcome([], 0), journeys: { ...outcome([], 0).journeys, order: { ...FINE, p99Ms: { before: 20, during: 41 } } } };
  expect(judge(expects, slower)).toEqual([]);
  expect(judge(expects, { ...outcome([], 0), drain: { afterMs: 30_000, times: 2 } })).toEqual([]);
  expect(judge(expects, { ...slower, drain: { afterMs: 90_000, times: 1.5 } })).toEqual([
    'the slowest 1 % of orders took 41 ms, 20 ms before, and may take 2 times that',
    '1.5 orders were announced for each that came, over 90000 ms, and 2 should be',
  ]);
});
