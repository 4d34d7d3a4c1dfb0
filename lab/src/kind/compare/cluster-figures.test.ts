import { expect, test } from 'vitest';
import { parseFigures, renderFigures, type Turn } from './cluster-figures.ts';
import { usedBetween, type Usage } from './process-metrics.ts';

function turn(brew: string, p50Ms: number, cpuMsPerOrder: number): Turn {
  return { brew, orders: 900, acknowledged: 900, p50Ms, p99Ms: 20, cpuMsPerOrder, residentMiB: 100 };
}

const FIGURES = { ratePerSecond: 30, seconds: 30, turns: [turn('monolith', 4, 2), turn('microservices', 8, 3), turn('microservices', 9, 1.9), turn('monolith', 5, 2.2)] };

test('when spreads do not touch, then the difference is told with its range; where they do, nothing is said', () => {
  const lines = renderFigures(FIGURES).split('\n');
  expect(lines[0]).toBe('30 orders a second for 30 s, turns monolith, microservices, microservices, monolith; accepted: monolith 1800, microservices 1800');
  expect(lines[2]).toMatch(/^p50, ms +4\.5 \(4\.0 to 5\.0\) +8\.5 \(8\.0 to 9\.0\) +× 1\.89 \(1\.60 to 2\.25\)$/);
  expect(lines[4]).toMatch(/^CPU of processes.*within the spread$/);
});

test('when the log has more lines than the figures, then the last one counts', () => {
  expect(parseFigures(`(node:1) Warning\n${JSON.stringify(FIGURES)}\n`)).toEqual(FIGURES);
  expect(() => parseFigures('')).toThrow();
});

test('when the same replicas are looked at twice, then their CPU time is summed; others are not compared', () => {
  const before: Usage = new Map([['10.0.0.1', { cpuMs: 100, residentMiB: 50 }], ['10.0.0.2', { cpuMs: 10, residentMiB: 50 }]]);
  const after: Usage = new Map([['10.0.0.2', { cpuMs: 30, residentMiB: 60 }], ['10.0.0.1', { cpuMs: 150, residentMiB: 70 }]]);
  expect(usedBetween(before, after)).toEqual({ cpuMs: 70, residentMiB: 130 });
  expect(() => usedBetween(before, new Map([['10.0.0.3', { cpuMs: 1, residentMiB: 1 }]]))).toThrow('replicas came or went');
});
