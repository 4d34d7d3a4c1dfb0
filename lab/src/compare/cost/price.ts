import { z } from 'zod';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../../errors.ts';
import { Prices, type PriceReport } from '../report-schema.ts';

/** List prices, so that there is a figure; whoever pays others gives a file of their own. */
export const LIST_PRICES: Prices = { currency: 'USD', vcpuHour: 0.04048, gibHour: 0.004445, source: 'list price of AWS Fargate, Linux on x86, us-east-1' };

const HOUR_S = 3_600;
const GIBIBYTE = 1_073_741_824;
const ORDERS = 1_000_000;

export interface PricedOrder {
  cpuMicros: number;
  backendCpuMicros: number;
  /** Of the shop's processes; backends keep what they are given, so theirs tells nothing. */
  rssBytes: number;
  ratePerSecond: number;
  rateIs: PriceReport['rateIs'];
}

/** What a million orders cost: their CPU time, and memory for as long as they take to come at this rate. */
export function priceOf({ cpuMicros, backendCpuMicros, rssBytes, ratePerSecond, rateIs }: PricedOrder, prices: Prices): PriceReport {
  // A microsecond for each of a million is a second.
  const [cpu, backendCpu] = [cpuMicros, backendCpuMicros].map((seconds) => (seconds / HOUR_S) * prices.vcpuHour) as [number, number];
  const memory = (rssBytes / GIBIBYTE) * (ORDERS / ratePerSecond / HOUR_S) * prices.gibHour;
  return { atRatePerSecond: ratePerSecond, rateIs, cpu, backendCpu, memory, total: cpu + backendCpu + memory };
}

/** Reads a price table, `{ "currency": "EUR", "vcpuHour": 0.03, "gibHour": 0.004, "source": "our contract" }`. Throws a {@link UsageError} that says what is wrong with it. */
export async function readPrices(path: string): Promise<Prices> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--prices: ${path} could not be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const prices = Prices.safeParse(content);
  if (prices.success) return prices.data;
  throw new UsageError(`--prices: ${path} is not a price table: ${z.prettifyError(prices.error).replaceAll(/\s*\n\s*/g, ' ')}; write {"currency":"EUR","vcpuHour":0.03,"gibHour":0.004,"source":"our contract"}`);
}
