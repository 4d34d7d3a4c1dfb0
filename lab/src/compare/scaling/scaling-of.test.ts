import { expect, test } from 'vitest';
import { parseTopology } from '../../topology/parse-topology.ts';
import { scalingOf, type ScaledWindows } from './scaling-of.ts';

const ENOUGH = { cores: 8, limit: 0.7 };
type Window = ScaledWindows['windows'][number];

/** Each process uses 100 ms of a second, a replica of it too. */
function scaled(topology: string, process: string, count: number, changes: readonly Partial<Window>[] = [{}, {}]): ScaledWindows {
  const { name, processes } = parseTopology(topology);
  const used = Object.fromEntries([...processes.map((group) => group.name), `${process} 2`].map((each) => [each, 100]));
  const window: Window = { void: null, cpuMs: used, rssBytes: used, generatorCores: 0.5, labCores: 0.3, result: { succeeded: 1_000, throughput: 500, elapsedMs: 1_000 } };
  return { topology: name, groups: processes, process, count, idle: new Set(count === 1 ? [`${process} 2`] : []), windows: changes.map((change) => ({ ...window, ...change })) };
}

const at = (throughput: number): Partial<Window> => ({ result: { succeeded: 1_000, throughput, elapsedMs: 1_000 } });

test('when there is more of one process, then it alone is counted, and a replica with nothing to do is not', () => {
  const rows = scalingOf([scaled('monolith', 'monolith', 1), scaled('monolith', 'monolith', 2), scaled('microservices', 'orders', 2)], ENOUGH);
  expect(rows.map(({ replicas, ratePerSecond, cpuMicros, rssBytes }) => [replicas, ratePerSecond?.median, cpuMicros.median, rssBytes.median])).toEqual([
    [{ monolith: 1 }, 500, 100, 100],
    [{ monolith: 2 }, 500, 200, 200],
    [{ gateway: 1, auth: 1, orders: 2, notifications: 1 }, 500, 500, 500],
  ]);
});

test('when more of a process bears more, then it is told by how much for each core that is used more, pass by pass, with n, least and most', () => {
  const rows = scalingOf([
    scaled('monolith', 'monolith', 1, [at(500), at(520), at(510)]), scaled('monolith', 'monolith', 2, [at(900), at(880), at(910)]),
    scaled('microservices', 'orders', 1, [at(400), at(410), at(400)]), scaled('microservices', 'orders', 2, [at(700), at(700), at(705)]),
  ], ENOUGH);
  const rounded = rows.map(({ perAddedCore }) => (perAddedCore === null ? null : [perAddedCore.n, perAddedCore.min, perAddedCore.median, perAddedCore.max].map(Math.round)));
  expect(rounded).toEqual([null, [3, 3_600, 4_000, 4_000], null, [3, 2_900, 3_000, 3_050]]);
  expect(rows[1]?.ratePerSecond).toMatchObject({ n: 3, min: 880, median: 900, max: 910 });
});

test('when a window of a pass does not count, or hardly a core is used more, then that pass says nothing of an added core', () => {
  const [, more] = scalingOf([scaled('monolith', 'monolith', 1, [at(500), at(500)]), scaled('monolith', 'monolith', 2, [at(900), { void: 'noise' }])], ENOUGH);
  expect(more?.perAddedCore?.n).toBe(1);
  const idling = { cpuMs: { monolith: 100, 'monolith 2': 20 } };
  expect(scalingOf([scaled('monolith', 'monolith', 1), scaled('monolith', 'monolith', 2, [idling, idling])], ENOUGH)[1]?.perAddedCore).toBeNull();
});

test('when a process at work, the generator, the link or the database has no core to itself, then no rate is told, and how many cores there would have to be', () => {
  const rows = scalingOf([scaled('monolith', 'monolith', 1), scaled('monolith', 'monolith', 2), scaled('microservices', 'orders', 1), scaled('microservices', 'orders', 2)], { ...ENOUGH, cores: 4 });
  expect(rows.map(({ coresNeeded, ratePerSecond, perAddedCore }) => [coresNeeded, ratePerSecond?.median, perAddedCore])).toEqual([[4, 500, null], [5, undefined, null], [5, undefined, null], [6, undefined, null]]);
});

test.each([{ generatorCores: 0.9 }, { labCores: 0.9 }])('when the generator or the link was at its limit (%j), then no rate is told', (busy) => {
  expect(scalingOf([scaled('monolith', 'monolith', 1, [busy])], ENOUGH)[0]?.ratePerSecond).toBeNull();
});

test('when a window does not count, then it is left out', () => {
  expect(scalingOf([scaled('monolith', 'monolith', 1, [{ void: 'other programs used 0.40 of a core' }])], ENOUGH)).toEqual([]);
});
