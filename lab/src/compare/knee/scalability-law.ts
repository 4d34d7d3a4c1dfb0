import type { ConcurrencyPoint, ScalabilityFit } from '../saturation-schema.ts';

type Point = Pick<ConcurrencyPoint, 'concurrency' | 'throughput'>;
type Coefficients = readonly [number, number, number];

/** Three coefficients, and one point to contradict them. */
const FEWEST_POINTS = 4;
const SUBSETS: readonly (readonly number[])[] = [[0, 1, 2], [0, 1], [0, 2], [0]];

/**
 * Fits the Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007). N / X(N) = 1/λ + α/λ (N − 1) + β/λ N (N − 1) is linear in its
 * coefficients: least squares of relative errors, in which neither α nor β may be below 0. Null for fewer than four points.
 */
export function fitScalabilityLaw(points: readonly Point[], name: string): ScalabilityFit | null {
  const usable = points.filter(({ throughput }) => throughput > 0);
  if (usable.length < FEWEST_POINTS) return null;
  const candidates = SUBSETS.map((columns) => solve(usable, columns)).filter((each) => each.every((value) => value >= 0) && each[0] > 0);
  const [best] = candidates.toSorted((a, b) => squaresOf(usable, a) - squaresOf(usable, b));
  if (best === undefined) return null;
  const [lambda, alpha, beta] = [1 / best[0], best[1] / best[0], best[2] / best[0]];
  const at = (n: number): number => (lambda * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
  const highest = Math.sqrt(Math.max(0, 1 - alpha) / beta);
  const peak = beta > 0 && highest >= 1 ? { concurrency: highest, throughput: at(highest) } : null;
  return { lambda, alpha, beta, r2: explained(usable, at), peak, sentence: inWords({ name, alpha, beta, lambda, peak }) };
}

function termsOf({ concurrency: n }: Point): Coefficients {
  return [1, n - 1, n * (n - 1)];
}

/** By normal equations, each point weighted by what it should come to. The columns left out are 0. */
function solve(points: readonly Point[], columns: readonly number[]): Coefficients {
  const rows = points.map((point) => {
    const expected = point.concurrency / point.throughput;
    return columns.map((column) => (termsOf(point)[column] ?? 0) / expected);
  });
  const matrix = columns.map((_, i) => [...columns.map((__, j) => sum(rows.map((row) => (row[i] ?? 0) * (row[j] ?? 0)))), sum(rows.map((row) => row[i] ?? 0))]);
  const found = eliminate(matrix);
  const valueOf = (column: number): number => found[columns.indexOf(column)] ?? 0;
  return [valueOf(0), valueOf(1), valueOf(2)];
}

/** Gauss and Jordan, of a small system with its right side as the last column. */
function eliminate(matrix: number[][]): number[] {
  for (const [pivot, row] of matrix.entries()) {
    const divisor = row[pivot] ?? 1;
    for (let column = 0; column < row.length; column += 1) row[column] = (row[column] ?? 0) / divisor;
    for (const other of matrix) {
      if (other === row) continue;
      const factor = other[pivot] ?? 0;
      for (let column = 0; column < other.length; column += 1) other[column] = (other[column] ?? 0) - factor * (row[column] ?? 0);
    }
  }
  return matrix.map((row) => row.at(-1) ?? 0);
}

function squaresOf(points: readonly Point[], coefficients: Coefficients): number {
  return sum(points.map((point) => ((sum(termsOf(point).map((term, index) => term * (coefficients[index] ?? 0))) * point.throughput) / point.concurrency - 1) ** 2));
}

function explained(points: readonly Point[], at: (n: number) => number): number {
  const mean = sum(points.map(({ throughput }) => throughput)) / points.length;
  const total = sum(points.map(({ throughput }) => (throughput - mean) ** 2));
  return total === 0 ? 1 : 1 - sum(points.map(({ concurrency, throughput }) => (throughput - at(concurrency)) ** 2)) / total;
}

function inWords({ name, alpha, beta, lambda, peak }: { name: string; alpha: number; beta: number; lambda: number; peak: ScalabilityFit['peak'] }): string {
  const waits = `One at a time gives ${lambda.toFixed(0)} each second on ${name}; ${(alpha * 100).toFixed(1)} % of the work waits for something that only one can have (α)`;
  if (peak === null) return `${waits}, and nothing is lost to agreement between those at work (β = ${beta.toPrecision(2)}): more at once never give less.`;
  return `${waits}, and with each pair at work ${(beta * 100).toPrecision(2)} % is lost to agreement (β): beyond ${peak.concurrency.toFixed(0)} at once it gives less than ${peak.throughput.toFixed(0)} each second.`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
