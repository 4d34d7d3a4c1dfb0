import { expect, test } from 'vitest';
import { dealPartitions } from './group-assigner.ts';

const deal = (subscribers: Record<string, string[]>, partitions: Record<string, number[]>): Record<string, Record<string, number[]>> =>
  Object.fromEntries(dealPartitions(new Map(Object.entries(subscribers)), new Map(Object.entries(partitions))));

test('when members subscribe to the same topics, then each partition goes to one of them, evenly', () => {
  expect(deal({ a: ['m2', 'm1'], b: ['m1', 'm2'] }, { a: [2, 0, 1], b: [0] })).toEqual({ m1: { a: [0, 2] }, m2: { a: [1], b: [0] } });
});

test('when members subscribe to different topics, then none gets a topic it did not ask for, and no partition is left', () => {
  expect(deal({ a: ['old', 'new'], b: ['new'] }, { a: [0, 1], b: [0, 1] })).toEqual({ new: { a: [0], b: [0, 1] }, old: { a: [1] } });
});

test('when there are more members than partitions, then some get none; a topic that is not known gives nothing', () => {
  expect(deal({ a: ['m1', 'm2', 'm3'], gone: ['m1'] }, { a: [0] })).toEqual({ m1: { a: [0] } });
});
