import { expect, test } from 'vitest';
import { createHeldPartition, WINDOW, type HeldPartition, type TakenPartition } from './held-partition.ts';

function held(taken: Partial<TakenPartition> = {}): HeldPartition {
  return createHeldPartition({ topic: 't', partition: 0, position: 9, deaths: 0, suspicions: 0, ...taken });
}

function read(partition: HeldPartition, ...positions: number[]): void {
  for (const position of positions) partition.read({ topic: 't', partition: 0, position, message: { id: String(position), key: 'k', headers: {}, payload: '' } });
}

test('when records are handled out of order, then only those before the oldest unhandled one may be committed', () => {
  const partition = held();
  read(partition, 10, 11, 12);
  partition.handled(12);
  expect(partition.toCommit()).toBeUndefined();
  partition.handled(10);
  expect(partition.toCommit()).toBe(10);
  partition.handled(11);
  expect(partition.toCommit()).toBe(12);
});

test('when a commit is confirmed, then what was handled meanwhile is still to be committed', () => {
  const partition = held();
  read(partition, 10, 11, 12);
  partition.handled(10);
  partition.handled(11);
  partition.committed(10);
  expect([partition.toCommit(), partition.committedTo(), partition.busy()]).toEqual([11, 10, true]);
  partition.handled(12);
  partition.committed(12);
  expect([partition.toCommit(), partition.committedTo(), partition.busy()]).toEqual([undefined, 12, false]);
});

test('when positions have gaps, then the commit goes over them', () => {
  const partition = held();
  read(partition, 100, 105, 110);
  partition.handled(100);
  expect(partition.toCommit()).toBe(104);
  partition.handled(105);
  partition.handled(110);
  expect(partition.toCommit()).toBe(110);
});

test('when the window is full, then no more is read until the oldest is committed', () => {
  const partition = held({ position: 0 });
  read(partition, ...Array.from({ length: WINDOW }, (_, n) => n + 1));
  expect(partition.nextRead()).toBeUndefined();
  partition.handled(2);
  expect(partition.nextRead()).toBeUndefined();
  partition.handled(1);
  partition.committed(2);
  expect(partition.nextRead()).toEqual({ after: WINDOW, limit: 2 });
});

test('when several owners died at one position, then records are read one at a time until a window is handled, and one that killed its triers is guilty', () => {
  const partition = held({ deaths: 2, suspicions: 3 });
  expect(partition.nextRead()).toEqual({ after: 9, limit: 1 });
  expect([partition.careful(), partition.guilty(10), partition.guilty(11)]).toEqual([true, true, false]);
  for (let position = 10; position < 10 + WINDOW; position += 1) {
    read(partition, position);
    partition.handled(position);
    partition.committed(position);
  }
  expect([partition.careful(), partition.nextRead()?.limit]).toEqual([false, WINDOW]);
});
