import { expect, test } from 'vitest';
import { sampleReport } from '../testing/sample-report.ts';
import { readEarlier, requireComparable } from './earlier.ts';

const SAMPLE = sampleReport();

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
  await expect(readEarlier(new URL('../../../package.json', import.meta.url).pathname)).rejects.toThrow(/is no report of this version \(schemaVersion none/);
});
