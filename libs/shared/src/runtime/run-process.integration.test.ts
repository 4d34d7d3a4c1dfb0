import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { readEnvironment } from '../config/environment.ts';
import { createDatabase } from '../database/create-database.ts';
import { createLogger } from '../logging/logger.ts';

const { PATH: path = '' } = readEnvironment();
const FIXTURE = join(import.meta.dirname, 'fixtures', 'tiny-process.ts');

interface Tiny {
  process: ChildProcess;
  output: () => string;
  errors: () => string;
  line: (message: string) => Record<string, unknown> | undefined;
  exit: Promise<number | null>;
}

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(environment: Record<string, string> = {}): Tiny {
  const child = spawn(process.execPath, [FIXTURE], { env: { PATH: path, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = () => output.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, output: () => output, errors: () => errors, line: (message) => lines().find((line) => line['message'] === message), exit };
}

async function listening(tiny: Tiny): Promise<{ http: string; ops: string }> {
  const line = await vi.waitUntil(() => tiny.line('listening'), { timeout: 20_000 });
  const { http, ops } = line['ports'] as { http: number; ops: number };
  return { http: `http://127.0.0.1:${http}`, ops: `http://127.0.0.1:${ops}` };
}

describe('a process that cannot start says why', () => {
  test('one sentence for each wrong variable, exit code 2', async () => {
    const tiny = start({ PORT: 'many', TINY_FAULT: 'all', SHUTDOWN_TIMEOUT_MS: '1' });
    expect(await tiny.exit).toBe(2);
    expect(tiny.errors().trimEnd().split('\n').map((line) => line.replace(/ is .*/, ''))).toEqual(['tiny: PORT', 'tiny: SHUTDOWN_TIMEOUT_MS', 'tiny: TINY_FAULT']);
  });

  test.each(['PORT', 'OPS_PORT'])('a taken %s, exit code 1', async (variable) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const tiny = start({ [variable]: String(port) });
    expect(await tiny.exit).toBe(1);
    expect(tiny.errors()).toBe(`tiny: port ${port} is already in use (${variable})\n`);
    taken.close();
  });

  test('an address that is not its own, exit code 1', async () => {
    const tiny = start({ HOST: '192.0.2.1' });
    expect(await tiny.exit).toBe(1);
    expect(tiny.errors()).toBe('tiny: cannot listen on host 192.0.2.1, port 0: EADDRNOTAVAIL (HOST, OPS_PORT)\n');
  });

  test('any other fault in a sentence on standard error and with its stack in the log, exit code 1', async () => {
    const tiny = start({ TINY_FAULT: 'create' });
    expect(await tiny.exit).toBe(1);
    expect(tiny.errors()).toBe('tiny: cannot start: the beans are out\n');
    expect(tiny.line('cannot start')).toMatchObject({ 'log.level': 'fatal', error: { stack_trace: expect.stringContaining('tiny-process.ts') as string } });
  });
});

describe('a running process', () => {
  test('answers probes, metrics and its log level at the ops port alone', async () => {
    const tiny = start();
    const { http, ops } = await listening(tiny);
    await vi.waitUntil(async () => (await fetch(`${ops}/readyz`)).status === 200);
    expect((await fetch(`${ops}/livez`)).status).toBe(200);
    expect(await (await fetch(`${ops}/metrics`)).text()).toMatch(/^process_resident_memory_bytes \d+/m);
    const asPrometheus = await fetch(`${ops}/metrics`, { headers: { accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1' } });
    expect([asPrometheus.headers.get('content-type'), (await asPrometheus.text()).endsWith('# EOF\n')]).toEqual(['application/openmetrics-text; version=1.0.0; charset=utf-8', true]);
    expect(await (await fetch(`${ops}/parked`)).json()).toEqual({ items: [] });
    expect(await (await fetch(`${ops}/parked/orders.v1/replay`, { method: 'POST' })).json()).toMatchObject({ code: 'route_not_found' });
    for (const path of ['/livez', '/readyz', '/metrics', '/log-level', '/parked']) expect((await fetch(http + path)).status).toBe(404);
  });

  test('changes its log level on request, and only to one there is', async () => {
    const tiny = start();
    const { http, ops } = await listening(tiny);
    const put = (body: string) => fetch(`${ops}/log-level`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
    expect((await put('{"level":"loud"}')).status).toBe(400);
    expect(await (await put('{"level":"warn"}')).json()).toEqual({ level: 'warn' });
    expect(await (await fetch(`${ops}/log-level`)).json()).toEqual({ level: 'warn' });
    await fetch(`${http}/not-logged`);
    await put('{"level":"info"}');
    await fetch(`${http}/logged`);
    await vi.waitUntil(() => tiny.output().includes('"/logged"'));
    expect(tiny.output()).not.toContain('/not-logged');
  });

  test('has another log level for a while, and says until when and what comes then', async () => {
    const tiny = start();
    const { ops } = await listening(tiny);
    const put = (body: object) => fetch(`${ops}/log-level`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const level = async (): Promise<unknown> => (await fetch(`${ops}/log-level`)).json();
    for (const forSeconds of [0, 1.5, 86_401, '1']) expect((await put({ level: 'debug', forSeconds })).status).toBe(400);
    await put({ level: 'debug', forSeconds: 1 });
    expect(await level()).toEqual({ level: 'debug', until: expect.stringMatching(/^\d{4}-.*Z$/) as string, then: 'info' });
    await vi.waitUntil(async () => JSON.stringify(await level()) === '{"level":"info"}', { timeout: 10_000 });
  });

  test('logs at debug after SIGUSR2, and no longer after the next', async () => {
    const tiny = start();
    const { http } = await listening(tiny);
    const said = (): number => tiny.output().split('log level changed').length - 1;
    for (const [count, path] of ['/info', '/debug', '/info-again'].entries()) {
      await vi.waitUntil(() => said() === count, { timeout: 10_000 });
      await fetch(http + path);
      await vi.waitUntil(() => tiny.output().includes(`"${path}"`), { timeout: 10_000 });
      tiny.process.kill('SIGUSR2');
    }
    const began = tiny.output().split('\n').filter((line) => line.includes('request began'));
    expect(began.map((line) => (JSON.parse(line) as { 'url.path': string })['url.path'])).toEqual(['/debug']);
  });

  test('finishes the request under way after SIGTERM, then ends with 0', async () => {
    const tiny = start();
    const { http } = await listening(tiny);
    const answer = fetch(`${http}/api/v1/menu`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    tiny.process.kill('SIGTERM');
    expect((await answer).status).toBe(200);
    expect(await tiny.exit).toBe(0);
    expect(tiny.line('module closed')).toBeDefined();
    expect(tiny.errors()).toBe('');
  });

  test('ends with 1 at the deadline, and at once on a second signal', async () => {
    const late = start({ TINY_FAULT: 'hang', SHUTDOWN_TIMEOUT_MS: '1000' });
    await listening(late);
    late.process.kill('SIGTERM');
    expect(await late.exit).toBe(1);
    expect(late.line('the shutdown did not end in time')).toMatchObject({ step: 'close orders' });
    const impatient = start({ TINY_FAULT: 'hang' });
    await listening(impatient);
    impatient.process.kill('SIGTERM');
    await vi.waitUntil(() => impatient.line('module closed'), { timeout: 10_000 });
    impatient.process.kill('SIGINT');
    expect(await impatient.exit).toBe(130);
  });

  test('waits for a database that is away: alive, not ready, and ended by a signal', async () => {
    const away = createServer().listen(0, '127.0.0.1');
    await once(away, 'listening');
    const { port } = away.address() as AddressInfo;
    away.close();
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port: opsPort } = free.address() as AddressInfo;
    free.close();
    const tiny = start({ DATABASE_URL: `postgres://nobody:hunter2@127.0.0.1:${port}/none`, OPS_PORT: String(opsPort) });
    await vi.waitUntil(() => tiny.line(`waiting for the database (DATABASE_URL): connect ECONNREFUSED 127.0.0.1:${port}`), { timeout: 20_000 });
    expect((await fetch(`http://127.0.0.1:${opsPort}/livez`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).json()).toMatchObject({ code: 'unavailable', detail: 'process: starting' });
    tiny.process.kill('SIGTERM');
    expect(await tiny.exit).toBe(0);
    expect(tiny.output()).not.toContain('hunter2');
  });

  test('with a broker away prepares its modules, and starts them when the broker is there', async () => {
    const away = createServer().listen(0, '127.0.0.1');
    await once(away, 'listening');
    const { port } = away.address() as AddressInfo;
    away.close();
    const tiny = start({ EVENT_LOG_URL: `postgres://nobody@127.0.0.1:${port}/none` });
    await vi.waitUntil(() => tiny.line(`waiting for a backend: connect ECONNREFUSED 127.0.0.1:${port}`), { timeout: 20_000 });
    expect(tiny.line('module prepared')).toBeDefined();
    expect(tiny.line('module started')).toBeUndefined();
    const there = start({ EVENT_LOG_URL: await createTestDatabase() });
    await vi.waitUntil(() => there.line('module started'), { timeout: 20_000 });
    for (const each of [tiny, there]) {
      each.process.kill('SIGTERM');
      expect(await each.exit).toBe(0);
    }
  });

  test('migrates before it listens, and again finds nothing to do', async () => {
    const DATABASE_URL = await createTestDatabase();
    for (const round of ['first', 'second']) {
      const tiny = start({ DATABASE_URL });
      const { ops } = await listening(tiny);
      await vi.waitUntil(async () => (await fetch(`${ops}/readyz`)).status === 200, { timeout: 10_000 });
      tiny.process.kill('SIGTERM');
      expect(await tiny.exit, round).toBe(0);
    }
  });

  test('told to migrate only, does so before its brokers are known and ends with 0; the next to start finds nothing to do', async () => {
    const DATABASE_URL = await createTestDatabase();
    const tiny = start({ DATABASE_URL, EVENT_LOG_URL: 'nowhere:', MIGRATE: 'only' });
    expect(await tiny.exit, tiny.errors()).toBe(0);
    expect([tiny.line('migrated')?.['modules'], tiny.line('listening')]).toEqual([['orders'], undefined]);
    const database = createDatabase({ url: DATABASE_URL, poolSize: 1, applicationName: 'test', logger: createLogger({ service: 'test', level: 'fatal' }) });
    onTestFinished(() => database.close());
    expect(await database.query('SELECT id FROM orders.schema_migrations')).toEqual([{ id: '001-create-tiny' }]);
    const next = start({ DATABASE_URL });
    await listening(next);
    next.process.kill('SIGTERM');
    expect(await next.exit).toBe(0);
  });

  test('told to migrate only, says which variable is missing, or ends with the signal while its database is away', async () => {
    const lacking = start({ DATABASE_URL: '', MIGRATE: 'only' });
    expect([await lacking.exit, lacking.errors()]).toEqual([2, 'tiny: DATABASE_URL is missing\n']);
    const waiting = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none', MIGRATE: 'only' });
    await vi.waitUntil(() => waiting.line('waiting for the database (DATABASE_URL): connect ECONNREFUSED 127.0.0.1:9'), { timeout: 20_000 });
    waiting.process.kill('SIGTERM');
    expect(await waiting.exit).toBe(0);
  });

  test.each([
    ['throw', 'uncaughtException', 'thrown late'],
    ['reject', 'unhandledRejection', 'rejected late'],
  ])('logs a fault that nobody caught (%s) and ends with 1', async (fault, message, reason) => {
    const tiny = start({ TINY_FAULT: fault });
    const { http } = await listening(tiny);
    await fetch(`${http}/api/v1/menu`).catch(() => undefined);
    expect(await tiny.exit).toBe(1);
    expect(tiny.line(message)).toMatchObject({ 'log.level': 'fatal', error: { message: reason } });
  });
});
