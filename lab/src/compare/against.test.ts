import { expect, test } from 'vitest';
import { changesSince, readEarlier, requireComparable } from './against.ts';
import type { ComparisonReport } from './report-schema.ts';
import { figureOf } from './statistics.ts';
import { sampleReport } from './testing/sample-report.ts';

const SAMPLE = sampleReport();

function withMemory(factor: number): ComparisonReport {
  return { ...SAMPLE, topologies: SAMPLE.topologies.map((topology) => ({ ...topology, loadRssBytes: figureOf(topology.loadRssBytes.values.map((bytes) => bytes * factor)) })) };
}

test('when a brew needs a half more than it did, then that is told, and nothing else', () => {
  const { changes, measuredAt } = changesSince(SAMPLE, withMemory(1.5));
  expect(measuredAt).toBe(SAMPLE.measuredAt);
  expect(changes.filter(({ changed }) => changed).map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(/^Monolith needs 1\.50× the memory under load that it did \(1\.\d\d× to 1\.\d\d×\)\.$/),
    expect.stringMatching(/^Microservices needs 1\.50× the memory under load that it did/),
  ]);
});

test('when a million orders have another price, then that is not told: the price table may be another one', () => {
  const dearer = SAMPLE.topologies.map((topology) => ({ ...topology, pricePerMillionOrders: topology.pricePerMillionOrders && { ...topology.pricePerMillionOrders, totals: figureOf([9, 9, 9, 9]) } }));
  expect(changesSince(SAMPLE, { ...SAMPLE, topologies: dearer }).changes.map(({ metric }) => metric)).not.toContain('price of a million orders');
});

test.each([1, 1.05])('when a brew needs %d times what it did, then that is noise', (factor) => {
  expect(changesSince(SAMPLE, withMemory(factor)).changes.filter(({ changed }) => changed)).toEqual([]);
});

test('when machine and settings are the same, then reports can be compared, also on another version of the same Node line', () => {
  expect(() => { requireComparable(SAMPLE, { ...SAMPLE, environment: { ...SAMPLE.environment, node: '24.99.0', memoryBytes: SAMPLE.environment.memoryBytes * 0.95 } }); }).not.toThrow();
});

test('when brews have not said yet what they run with, then only the rest is looked at', () => {
  const { durability: _, logging: __, node: ___, ...known } = SAMPLE.environment;
  expect(() => { requireComparable(SAMPLE, { ...SAMPLE, environment: known }); }).not.toThrow();
  expect(() => { requireComparable(SAMPLE, { ...SAMPLE, environment: { ...known, durability: 'fsync = off, synchronous_commit = on' } }); }).toThrow('durability fsync = on, synchronous_commit = on then, fsync = off');
});

test.each([
  [{ environment: { ...SAMPLE.environment, cores: 2 } }, 'cores 6 then, 2 now'],
  [{ environment: { ...SAMPLE.environment, backends: 'containers' as const } }, 'backends embedded then, containers now'],
  [{ environment: { ...SAMPLE.environment, node: '26.0.0' } }, 'node 24 then, 26 now'],
  [{ environment: { ...SAMPLE.environment, memoryBytes: 1 } }, /memory \d+ then, 1 now/],
  [{ settings: { ...SAMPLE.settings, customers: 9 } }, 'customers 8 then, 9 now'],
  [{ form: 'quick' as const }, 'form full then, quick now'],
  [{ topologies: SAMPLE.topologies.slice(0, 1) }, 'brews monolith, microservices then, monolith now'],
])('when %j is different, then the refusal names it', (change, message) => {
  expect(() => { requireComparable(SAMPLE, { ...SAMPLE, ...change }); }).toThrow(message);
});

test('when there is no such report, then one sentence says so', async () => {
  await expect(readEarlier('/nowhere/compare.json')).rejects.toThrow(/^--against: \/nowhere\/compare\.json could not be read as JSON/);
  await expect(readEarlier(new URL('../../package.json', import.meta.url).pathname)).rejects.toThrow(/is no report of this version \(schemaVersion none/);
});
