import { expect, test } from 'vitest';
import { placeLabels, type Label } from './place-labels.ts';

const WITHIN = { left: 50, right: 340, top: 26 };
const label = (text: string, x: number, y: number): Label => ({ text, x, y, anchor: 'end', tone: '' });

test('when labels have room, then they stay where they are', () => {
  const labels = [label('monolith', 200, 60), label('microservices', 200, 120)];
  expect(placeLabels(labels, WITHIN)).toEqual(labels);
});

test('when two lie on each other, then the second moves down', () => {
  const [first, second] = placeLabels([label('monolith', 200, 60), label('microservices', 205, 62)], WITHIN);
  expect(first?.y).toBe(60);
  expect(second?.y).toBeGreaterThanOrEqual(73);
});

test('when one would stick out, then it is pulled in', () => {
  const [pulled] = placeLabels([label('microservices', 60, 5)], WITHIN);
  expect(pulled?.x).toBeGreaterThan(50 + 13 * 6);
  expect(pulled?.y).toBeGreaterThanOrEqual(24);
});
