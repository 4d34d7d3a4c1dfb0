import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { UsageError } from '../../errors.ts';
import { priceOf, readPrices } from './price.ts';

let folder: string | undefined;
afterEach(async () => { if (folder !== undefined) await rm(folder, { recursive: true }); });

async function fileWith(content: string): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'doubleshot-prices-'));
  const path = join(folder, 'prices.json');
  await writeFile(path, content);
  return path;
}

test('when a million orders take 3.6 ms of a core each and a GiB for ten hours, then they cost an hour of a core and ten of a GiB', () => {
  const order = { cpuMicros: 3_600, backendCpuMicros: 7_200, rssBytes: 1_073_741_824, ratePerSecond: 1_000_000 / 36_000, rateIs: 'measured' as const };
  const { cpu, backendCpu, memory, total } = priceOf(order, { currency: 'EUR', vcpuHour: 2, gibHour: 0.5, source: 'test' });
  expect([cpu, backendCpu]).toEqual([2, 4]);
  expect(memory).toBeCloseTo(5);
  expect(total).toBeCloseTo(11);
});

test('when a price table is given, then it is read', async () => {
  const prices = { currency: 'EUR', vcpuHour: 0.03, gibHour: 0.004, source: 'our contract' };
  expect(await readPrices(await fileWith(JSON.stringify(prices)))).toEqual(prices);
});

test.each([
  ['{"currency":"EUR"}', /is not a price table: .*vcpuHour/],
  ['{"currency":"EUR","vcpuHour":-1,"gibHour":0,"source":""}', /is not a price table: .*vcpuHour/],
  ['EUR', /could not be read as JSON/],
])('when it is %s, then one sentence says what is wrong', async (content, message) => {
  const path = await fileWith(content);
  await expect(readPrices(path)).rejects.toThrow(UsageError);
  await expect(readPrices(path)).rejects.toThrow(message);
});
