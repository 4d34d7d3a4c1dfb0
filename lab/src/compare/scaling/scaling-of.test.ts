import { expect, test } from 'vitest';
import { parseTopology } from '../../topology/parse-topology.ts';
import { scalingOf, type ScaledWindows } from './scaling-of.ts';

const ENOUGH = { cores: 8, generatorLimit: 0.7 };

function scaled(topology: string, process: string, count: number, change: Partial<ScaledWindows['windows'][number]> = {}): ScaledWindows {
  const { name, processes } = parseTopology(topology);
  const used = Object.fromEntries([...processes.map((group) => group.name), `${process} 2`].map((each) => [each, 100]));
  const window = { void: null, cpuMs: used, rssBytes: used, generatorCores: 0.5, result: { succeeded: 1_000, throughput: 500 }, ...change };
  return { topology: name, groups: processes, process, count, idle: new Set(count === 1 ? [`${process} 2`] : []), windows: [window, window] };
}

test('when there is more of one process, then it alone is counted, and a replica with nothing to do is not', () => {
  const rows = scalingOf([scaled('monolith', 'monolith', 1), scaled('monolith', 'monolith', 2), scaled('microservices', 'orders', 2)], ENOUGH);
  expect(rows.map(({ replicas, ratePerSecond, cpuMicros, rssBytes }) => [replicas, ratePerSecond, cpuMicros.median, rssBytes.median])).toEqual([
    [{ monolith: 1 }, 500, 100, 100],
    [{ monolith: 2 }, 500, 200, 200],
    [{ gateway: 1, auth: 1, orders: 2, notifications: 1 }, 500, 500, 500],
  ]);
});

test('when a process at work has no core to itself, then no rate is told, and how many cores there would have to be', () => {
  const rows = scalingOf([scaled('monolith', 'monolith', 1), scaled('monolith', 'monolith', 2), scaled('microservices', 'orders', 1), scaled('microservices', 'orders', 2)], { ...ENOUGH, cores: 3 });
  expect(rows.map(({ coresNeeded, ratePerSecond }) => [coresNeeded, ratePerSecond])).toEqual([[3, 500], [4, null], [4, null], [5, null]]);
});

test('when the generator was at its limit, then no rate is told; when a window does not count, then it is left out', () => {
  expect(scalingOf([scaled('monolith', 'monolith', 1, { generatorCores: 0.9 })], ENOUGH)[0]?.ratePerSecond).toBeNull();
  expect(scalingOf([scaled('monolith', 'monolith', 1, { void: 'other programs used 0.40 of a core' })], ENOUGH)).toEqual([]);
});
