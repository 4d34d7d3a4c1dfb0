import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { sendPaced, type PacedRequest } from './send-paced.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function listen(answer: (url: string) => { status: number; afterMs: number }, arrivals: number[] = []): Promise<string> {
  server = createServer((request, response) => {
    arrivals.push(performance.now());
    const { status, afterMs } = answer(request.url ?? '');
    void sleep(afterMs, undefined, { ref: false }).then(() => response.writeHead(status).end('{}'));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('when requests are sent, then exactly the planned number arrives, evenly spread', async () => {
  const arrivals: number[] = [];
  const origin = await listen(() => ({ status: 200, afterMs: 0 }), arrivals);
  const result = await sendPaced({ origin, pace: { rate: 200 }, seconds: 2, requestOf: () => ({ method: 'GET', path: '/x' }) });
  expect(result).toMatchObject({ due: 400, succeeded: 400, failed: 0 });
  expect(result.elapsedMs).toBeLessThan(10_000);
  expect(arrivals).toHaveLength(400);
  const first = arrivals[0] ?? 0;
  const tenths = new Set(arrivals.map((at) => Math.floor((at - first) / 100)));
  // Twenty tenths: a sender that goes by bursts fills few of them, a busy machine skips some.
  expect(tenths.size).toBeGreaterThan(10);
});

test('when the first request is sent, then its connection is open already', async () => {
  let connections = 0;
  const before: number[] = [];
  const origin = await listen(() => {
    before.push(connections);
    return { status: 200, afterMs: 0 };
  });
  server?.on('connection', () => (connections += 1));
  await sendPaced({ origin, pace: { rate: 20 }, seconds: 1, requestOf: () => ({ method: 'GET', path: '/x' }) });
  expect(before[0]).toBeGreaterThan(20);
  // The last ones may be connected and not yet be taken.
  expect(connections - (before[0] ?? 0)).toBeLessThanOrEqual(5);
});

test('when the shop is slow or refuses, then latency and failures say so, and too few answers give no p99', async () => {
  const origin = await listen((url) => ({ status: url === '/bad' ? 503 : 200, afterMs: 50 }));
  const result = await sendPaced({ origin, pace: { rate: 20 }, seconds: 2, requestOf: (index) => ({ method: 'GET', path: index % 2 === 0 ? '/good' : '/bad' }) });
  expect(result).toMatchObject({ due: 40, succeeded: 20, failed: 20, p99Ms: null });
  expect(result.p50Ms).toBeGreaterThan(45);
});

test('when requests fail at once, then they count as slower than all that succeed, not as fast', async () => {
  const origin = await listen((url) => ({ status: url === '/bad' ? 503 : 200, afterMs: url === '/bad' ? 0 : 20 }));
  const result = await sendPaced({ origin, pace: { rate: 100 }, seconds: 1, timeoutMs: 5_000, requestOf: (index) => ({ method: 'GET', path: index % 4 === 0 ? '/bad' : '/good' }) });
  expect(result).toMatchObject({ due: 100, succeeded: 75, failed: 25 });
  expect(result.p50Ms).toBeGreaterThan(19);
  expect(result.p50Ms).toBeLessThan(5_000);
  expect(result.p99Ms).toBeGreaterThanOrEqual(5_000);
  expect(result.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(100);
});

test('when requests are never answered, then each counts as its time-out at least', async () => {
  const origin = await listen((url) => ({ status: 200, afterMs: url === '/never' ? 60_000 : 0 }));
  const result = await sendPaced({ origin, pace: { rate: 100 }, seconds: 1, timeoutMs: 2_000, requestOf: (index) => ({ method: 'GET', path: index % 4 === 0 ? '/never' : '/now' }) });
  expect(result).toMatchObject({ due: 100, succeeded: 75, failed: 25, dropped: 0 });
  expect(result.p50Ms).toBeLessThan(2_000);
  expect(result.p99Ms).toBeGreaterThanOrEqual(2_000);
});

test('when the shop stalls, then the next requests are sent all the same and wait as long as its customers would', async () => {
  const begin = performance.now();
  const origin = await listen(() => ({ status: 200, afterMs: Math.max(0, 500 - (performance.now() - begin)) }));
  const result = await sendPaced({ origin, pace: { rate: 400 }, seconds: 1, requestOf: () => ({ method: 'GET', path: '/x' }) });
  expect(result).toMatchObject({ due: 400, succeeded: 400 });
  expect(result.p99Ms).toBeGreaterThan(300);
});

test('when the generator itself is held up, then what was due meanwhile counts from when it was due', async () => {
  const origin = await listen(() => ({ status: 200, afterMs: 0 }));
  const requestOf = (index: number): PacedRequest => {
    const untilMs = performance.now() + (index === 0 ? 300 : 0);
    while (performance.now() < untilMs);
    return { method: 'GET', path: '/x' };
  };
  const result = await sendPaced({ origin, pace: { rate: 100 }, seconds: 1, requestOf });
  expect(result).toMatchObject({ due: 100, succeeded: 100 });
  expect(result.maxMs).toBeGreaterThan(290);
});

test('when the shop lets too many wait, then what is due beyond that is dropped and counts as failed', async () => {
  const origin = await listen(() => ({ status: 200, afterMs: 300 }));
  const result = await sendPaced({ origin, pace: { rate: 100 }, seconds: 1, mostWaiting: 10, requestOf: () => ({ method: 'GET', path: '/x' }) });
  expect(result.due).toBe(100);
  expect(result.dropped).toBeGreaterThan(30);
  expect(result.failed).toBeGreaterThanOrEqual(result.dropped);
  expect(result.p99Ms).toBeGreaterThanOrEqual(10_000);
  expect(result.backlog.end).toBeLessThanOrEqual(10);
});

test('when the shop is too slow for the rate, then more wait at the end than in the middle', async () => {
  let freeAt = 0;
  const origin = await listen(() => {
    freeAt = Math.max(freeAt, performance.now()) + 20;
    return { status: 200, afterMs: freeAt - performance.now() };
  });
  const { backlog } = await sendPaced({ origin, pace: { rate: 100 }, seconds: 1, requestOf: () => ({ method: 'GET', path: '/x' }) });
  expect(backlog.end).toBeGreaterThan(backlog.middle + 10);
});

test('when so many are at work at once, then no more are, and each begins anew when it is answered', async () => {
  let [now, most] = [0, 0];
  const origin = await listen(() => ({ status: 200, afterMs: 20 }));
  server?.on('request', (_, response) => {
    most = Math.max(most, (now += 1));
    response.on('finish', () => (now -= 1));
  });
  const { due, succeeded } = await sendPaced({ origin, pace: { concurrency: 4 }, seconds: 0.5, requestOf: () => ({ method: 'GET', path: '/x' }) });
  expect(most).toBeLessThanOrEqual(4);
  expect(due).toBeGreaterThan(4);
  expect(succeeded).toBe(due);
});

test('when bytes are counted, then those of headers and bodies are, in both directions', async () => {
  const origin = await listen(() => ({ status: 200, afterMs: 0 }));
  const { bytes } = await sendPaced({ origin, pace: { rate: 10 }, seconds: 1, requestOf: () => ({ method: 'POST', path: '/x', headers: { 'content-length': 1_000 }, body: 'x'.repeat(1_000) }) });
  expect(bytes.sent).toBeGreaterThan(10_000);
  expect(bytes.sent).toBeLessThan(13_000);
  expect(bytes.received).toBeGreaterThan(10 * 2);
});
