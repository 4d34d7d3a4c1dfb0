import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendPaced, type WindowResult } from '../generator/send-paced.ts';
import { complaintsOfMost } from '../testing/most-tries.ts';
import { startSmallServer, type SmallServer } from '../testing/start-small-server.ts';
import { findKnee } from './find-knee.ts';
import { judgeProbe } from './judge-probe.ts';

const SERVICE_MS = 5;
/** A queue of so many is too long, however slow the machine is. */
const LONGEST_QUEUE = 30;
/** As many as a p99 needs. */
const ANSWERS = 150;
const LONGEST_WINDOW_S = 5;
const CAPACITY_S = 0.7;

let server: SmallServer | undefined;
beforeAll(async () => { server = await startSmallServer({ name: 'small', workMs: 0, restMs: SERVICE_MS }); });
afterAll(() => server?.stop());

function send(pace: { rate: number } | { concurrency: number }, seconds: number): Promise<WindowResult> {
  return sendPaced({ origin: server!.shop.baseUrl, pace, seconds, requestOf: () => ({ method: 'GET', path: '/' }) });
}

/** What it bears now, on this machine. */
async function capacity(): Promise<number> {
  const { succeeded, elapsedMs } = await send({ concurrency: 4 }, CAPACITY_S);
  return (succeeded * 1_000) / elapsedMs;
}

/** The knee as a share of what the server bears before and after the search: the least and the most it may be. */
interface Found {
  found: string;
  least: number;
  most: number;
}

async function search(): Promise<Found> {
  const before = await capacity();
  const seconds = Math.min(LONGEST_WINDOW_S, ANSWERS / before);
  const objective = { p99Ms: (LONGEST_QUEUE * 1_000) / before, errorShare: 0.001 };
  const { ratePerSecond, found } = await findKnee({
    ...{ startAt: before * 0.5, tolerance: 0.03, lowest: 1, highest: 10_000 },
    probe: async (rate) => {
      const window = await send({ rate }, seconds);
      return judgeProbe({ ratePerSecond: rate, seconds, generatorCores: 0, void: null, result: { id: 0, generatorCpuMs: 0, throughput: window.succeeded / seconds, ...window } }, objective);
    },
  });
  const after = await capacity();
  return { found, least: (ratePerSecond ?? 0) / Math.max(before, after), most: (ratePerSecond ?? 0) / Math.min(before, after) };
}

test('when a server takes a fixed time for each request, one after another, then the knee is where it has no time left', { timeout: 600_000 }, async () => {
  expect(await complaintsOfMost(async () => complaints(await search()))).toEqual([]);
});

function complaints({ found, least, most }: Found): string[] {
  return found === 'between' && most > 0.8 && least < 1.12 ? [] : [`${found}: ${least.toFixed(3)} to ${most.toFixed(3)} of what the server bears`];
}
