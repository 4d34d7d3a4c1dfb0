import { expect, test } from 'vitest';
import { createSeededRandom } from '../../load/seeded-random.ts';
import { fitScalabilityLaw } from './scalability-law.ts';

const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128];
const law = (lambda: number, alpha: number, beta: number, error: () => number = () => 1): { concurrency: number; throughput: number }[] =>
  CONCURRENCIES.map((n) => ({ concurrency: n, throughput: ((lambda * n) / (1 + alpha * (n - 1) + beta * n * (n - 1))) * error() }));

test.each([
  [100, 0, 0],
  [900, 0.05, 0],
  [900, 0.05, 0.0004],
  [30, 0.3, 0.01],
])('when a server follows the law with λ = %d, α = %d, β = %d, then these are found', (lambda, alpha, beta) => {
  const fit = fitScalabilityLaw(law(lambda, alpha, beta), 'it')!;
  expect(fit.lambda).toBeCloseTo(lambda);
  expect(fit.alpha).toBeCloseTo(alpha);
  expect(fit.beta).toBeCloseTo(beta);
  expect(fit.r2).toBeCloseTo(1);
});

test('when figures err by 5 %, then the peak is found nearly', () => {
  const random = createSeededRandom(3);
  const fit = fitScalabilityLaw(law(500, 0.08, 0.001, () => 0.95 + random.next() / 10), 'it')!;
  expect(fit.peak!.concurrency / Math.sqrt(0.92 / 0.001)).toBeGreaterThan(0.8);
  expect(fit.peak!.concurrency / Math.sqrt(0.92 / 0.001)).toBeLessThan(1.25);
  expect(fit.sentence).toContain('less than');
});

test('when more at once never give less, then there is no peak', () => {
  const fit = fitScalabilityLaw(law(500, 0.08, 0), 'monolith');
  expect(fit?.peak).toBeNull();
  expect(fit?.sentence).toBe('One at a time gives 500 each second on monolith; 8.0 % of the work waits for something that only one can have (α), and nothing is lost to agreement between those at work (β = 0.0): more at once never give less.');
});

test('when more at once give even more than their share, then neither coefficient is below 0', () => {
  const fit = fitScalabilityLaw(CONCURRENCIES.map((n) => ({ concurrency: n, throughput: n ** 1.2 })), 'it');
  expect(Math.min(fit!.alpha, fit!.beta)).toBeGreaterThanOrEqual(0);
});

test('when there are fewer points than coefficients and one, then there is no fit', () => {
  expect(fitScalabilityLaw(law(500, 0.1, 0).slice(0, 3), 'it')).toBeNull();
  expect(fitScalabilityLaw(CONCURRENCIES.map((concurrency) => ({ concurrency, throughput: 0 })), 'it')).toBeNull();
});
