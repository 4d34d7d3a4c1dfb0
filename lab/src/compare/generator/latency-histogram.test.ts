import { expect, test } from 'vitest';
import { addUp, bucketsOf, distributionOf } from './latency-histogram.ts';

const at = (latencies: readonly number[], percent: number): number | undefined => distributionOf(bucketsOf(latencies)).quantiles.find((each) => each.percent === percent)?.value;
const THOUSAND = Array.from({ length: 1_000 }, (_, index) => (index + 1) / 10);

test.each([
  [1, 1],
  [50, 50],
  [99, 99],
  [99.9, 99.9],
])('when latencies from 0.1 to 100 ms are summed up, then %d %% of them take at most %d ms, to 1 %%', (percent, value) => {
  const found = at(THOUSAND, percent) ?? 0;
  expect(Math.abs(found - value) / value).toBeLessThanOrEqual(0.011);
});

test('when two windows are added up, then the shape is that of both together', () => {
  const both = addUp([bucketsOf(THOUSAND.slice(0, 700)), bucketsOf(THOUSAND.slice(700))]);
  expect(distributionOf(both)).toEqual(distributionOf(bucketsOf(THOUSAND)));
});

test('when there were no answers, then there is no shape', () => {
  expect(distributionOf(bucketsOf([]))).toEqual({ n: 0, quantiles: [] });
});
