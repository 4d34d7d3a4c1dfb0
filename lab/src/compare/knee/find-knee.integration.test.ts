import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendPaced, type WindowResult } from '../generator/send-paced.ts';
import { startSmallServer, type SmallServer } from '../testing/start-small-server.ts';
import { findKnee } from './find-knee.ts';
import { judgeProbe } from './judge-probe.ts';

const SERVICE_MS = 10;
const OBJECTIVE = { p99Ms: 300, errorShare: 0.001 };
const SECONDS = 1.5;

let server: SmallServer | undefined;
beforeAll(async () => { server = await startSmallServer({ name: 'small', workMs: 0, restMs: SERVICE_MS }); });
afterAll(() => server?.stop());

function send(pace: { rate: number } | { concurrency: number }): Promise<WindowResult> {
  return sendPaced({ origin: server!.shop.baseUrl, pace, seconds: SECONDS, requestOf: () => ({ method: 'GET', path: '/' }) });
}

/** What it bears now, on this machine. */
async function capacity(): Promise<number> {
  const { succeeded, elapsedMs } = await send({ concurrency: 4 });
  return (succeeded * 1_000) / elapsedMs;
}

test('when a server takes a fixed time for each request, one after another, then the knee is where it has no time left', { timeout: 300_000 }, async () => {
  const before = await capacity();
  const { ratePerSecond, found } = await findKnee({
    startAt: before * 0.5,
    tolerance: 0.03,
    lowest: 1,
    highest: 10_000,
    probe: async (rate) => {
      const window = await send({ rate });
      return judgeProbe({ ratePerSecond: rate, seconds: SECONDS, generatorCores: 0, result: { id: 0, generatorCpuMs: 0, throughput: window.succeeded / SECONDS, ...window } }, OBJECTIVE);
    },
  });
  const after = await capacity();
  expect(found).toBe('between');
  // Other tests run beside it: what it bears is known before and after, not meanwhile.
  expect(ratePerSecond).toBeGreaterThan(Math.min(before, after) * 0.75);
  expect(ratePerSecond).toBeLessThan(Math.max(before, after) * 1.15);
});
