import { createServer, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { engine } from '../../../../tests/setup/engine.ts';
import type { Cache } from './cache.ts';
import { cacheContract } from './contract/cache-contract.ts';
import { createCache } from './create-cache.ts';

const redis = engine('redis');
const TLS_HANDSHAKE = 22;
const MINUTE_MS = 60_000;
const HEALS_WITHIN = { timeout: 30_000 };

interface Watched {
  cache: Cache;
  metrics: Registry;
  lines: Record<string, unknown>[];
}

async function open(url: string = redis.url, clientName = 'test'): Promise<Watched> {
  const lines: Record<string, unknown>[] = [];
  const metrics = new Registry();
  const logger = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  return { cache: await createCache(url, { logger, metrics, clientName }), metrics, lines };
}

cacheContract('redis:', async () => (await open()).cache);

let key: string;
let watched: Watched;
beforeAll(async () => { watched = await open(); });
beforeEach(() => { key = `key:${Math.random().toString(36).slice(2)}`; });
afterAll(() => watched.cache.close());

const compute = (): Promise<string> => Promise.resolve('computed');

/** Every method, as if there were no cache. */
async function expectNothing({ cache }: Watched): Promise<void> {
  const answers = [cache.set(key, 'x', MINUTE_MS), cache.get(key), cache.delete(key), cache.remember(key, MINUTE_MS, compute), cache.raiseScores(`${key}:set`, new Map([['a', 1]]), MINUTE_MS), cache.topScores(`${key}:set`, 5)];
  expect(await Promise.all(answers)).toEqual([undefined, undefined, undefined, 'computed', undefined, undefined]);
}

async function expectHealed({ cache }: Watched): Promise<void> {
  await expect.poll(async () => {
    await cache.set(`${key}:again`, 'again', MINUTE_MS);
    return cache.get(`${key}:again`);
  }, HEALS_WITHIN).toBe('again');
  await cache.ready();
}

async function faults({ metrics }: Watched, fault: string): Promise<number> {
  const samples = (await metrics.getSingleMetric('doubleshot_cache_faults_total')?.get())?.values ?? [];
  return samples.find(({ labels }) => labels['fault'] === fault)?.value ?? 0;
}

const cli = (...command: string[]): Promise<string> => redis.exec('redis-cli', '--no-auth-warning', '-a', new URL(redis.url).password, ...command);

test('when Redis is frozen, then every method goes on without it, few callers wait, and it is used again when it thaws', async () => {
  await redis.freeze();
  try {
    await expectNothing(watched);
    expect(await faults(watched, 'failed')).toBeGreaterThanOrEqual(3);
    // One after the other: were each to wait for its time-out, it would take five minutes.
    for (let n = 0; n < 2_000; n += 1) expect(await watched.cache.get(key)).toBeUndefined();
    expect(await faults(watched, 'skipped')).toBeGreaterThan(1_900);
    await expect.poll(() => watched.cache.ready().then(() => 'ready', String), HEALS_WITHIN).toMatch(/cannot be used/);
    await expectNothing(watched);
  } finally {
    await redis.thaw();
  }
  await expectHealed(watched);
});

test('when Redis is frozen for longer than its connection is trusted, then what was sent before is done once at most', async () => {
  await cli('CONFIG', 'RESETSTAT');
  await redis.freeze();
  try {
    await watched.cache.set(key, 'late', MINUTE_MS);
    await expect.poll(() => watched.cache.ready().then(() => 'ready', String), HEALS_WITHIN).toMatch(/cannot be used/);
  } finally {
    await redis.thaw();
  }
  await expect.poll(() => watched.cache.get(`${key}:never`).then(() => watched.cache.ready()).then(() => 'ready', String), HEALS_WITHIN).toBe('ready');
  expect(await cli('INFO', 'commandstats')).not.toMatch(/cmdstat_set:calls=(?!1,)/);
});

test('when Redis answers too late, then reads miss and writes are dropped until it is fast again', async () => {
  await watched.cache.set(key, 'there', MINUTE_MS);
  await cli('CLIENT', 'PAUSE', '1500', 'ALL');
  expect(await watched.cache.get(key)).toBeUndefined();
  expect(await watched.cache.remember(key, MINUTE_MS, compute)).toBe('computed');
  await expectHealed(watched);
});

test('when Redis is killed, then nothing waits or rejects, and it is used again when it is back, empty', async () => {
  await watched.cache.set(key, 'lost', MINUTE_MS);
  await redis.kill();
  try {
    await expectNothing(watched);
    await expect(watched.cache.ready()).rejects.toThrow('the cache cannot be used');
  } finally {
    await redis.start();
  }
  await expectHealed(watched);
  expect(await watched.cache.get(key)).toBeUndefined();
});

test('when Redis is away at the start, then the cache opens without it and finds it later', async () => {
  await redis.halt();
  let late: Watched | undefined;
  try {
    late = await open();
    await expectNothing(late);
    await expect(late.cache.ready()).rejects.toThrow('ECONNREFUSED');
    expect(late.lines).toMatchObject([{ msg: 'doing without the cache' }]);
  } finally {
    await redis.start();
  }
  await expectHealed(late);
  expect(late.lines).toMatchObject([{ msg: 'doing without the cache' }, { msg: 'the cache answers again' }]);
  await late.cache.close();
});

test('when Redis is flushed, then what it held is computed again', async () => {
  await watched.cache.remember(key, MINUTE_MS, () => Promise.resolve('first'));
  await watched.cache.raiseScores(`${key}:set`, new Map([['a', 1]]), MINUTE_MS);
  await cli('FLUSHALL');
  expect(await watched.cache.topScores(`${key}:set`, 5)).toBeUndefined();
  expect(await watched.cache.remember(key, MINUTE_MS, compute)).toBe('computed');
  expect(await watched.cache.get(key)).toBe('computed');
});

test('when the password is wrong, then ready says so, the log names no password, and nothing rejects', async () => {
  const url = new URL(redis.url);
  url.password = 'not-the-password';
  const refused = await open(url.href);
  await expect(refused.cache.ready()).rejects.toThrow('the cache cannot be used: WRONGPASS');
  await expectNothing(refused);
  expect(refused.lines).toMatchObject([{ msg: 'doing without the cache', reason: expect.stringContaining('WRONGPASS') as string }]);
  expect(JSON.stringify(refused.lines)).not.toContain('not-the-password');
  await refused.cache.close();
});

test('when a key holds something else, then the error that Redis answers counts as a fault', async () => {
  await watched.cache.raiseScores(key, new Map([['a', 1]]), MINUTE_MS);
  const before = await faults(watched, 'failed');
  expect(await watched.cache.get(key)).toBeUndefined();
  await watched.cache.set(`${key}:text`, 'x', MINUTE_MS);
  await watched.cache.raiseScores(`${key}:text`, new Map([['a', 1]]), MINUTE_MS);
  expect(await faults(watched, 'failed')).toBe(before + 2);
});

test('rediss: speaks TLS, and a server that does not is no cache', async () => {
  const firstBytes: number[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      firstBytes.push(data[0] ?? 0);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  const refused = await open(`rediss://127.0.0.1:${port}`);
  await expectNothing(refused);
  await refused.cache.close();
  server.close();
  expect(firstBytes[0]).toBe(TLS_HANDSHAKE);
});

test('processes of one name share keys, those of another name and other databases do not', async () => {
  const [same, other, database] = await Promise.all([open(), open(redis.url, 'other'), open(`${redis.url}/1`)]);
  await watched.cache.set(key, 'shared', MINUTE_MS);
  expect(await Promise.all([same, other, database].map(({ cache }) => cache.get(key)))).toEqual(['shared', undefined, undefined]);
  await Promise.all([same, other, database].map(({ cache }) => cache.close()));
});

test('when it is closed, also while Redis is frozen, then calls go on without it', async () => {
  const [one, other] = await Promise.all([open(), open()]);
  await one.cache.close();
  await expectNothing(one);
  await redis.freeze();
  try {
    await other.cache.close();
    await expectNothing(other);
  } finally {
    await redis.thaw();
  }
  await expectHealed(watched);
});
