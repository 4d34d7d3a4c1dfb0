import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { readEnvironment } from '@doubleshot/shared/config';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

const FOLDER = join(import.meta.dirname, '..');
const ROOT = join(FOLDER, '..', '..');
const START_TIMEOUT_MS = 30_000;
const CLIENT = 3;
const SERVER = 2;
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number };
}
interface Span {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Attribute[];
}
interface TraceExport {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[];
}

const servers: Server[] = [];
const children: ChildProcess[] = [];
const { PATH: path = '' } = readEnvironment();

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startReceiver(): Promise<{ origin: string; spans: Span[]; resource: () => Attribute[] }> {
  const spans: Span[] = [];
  let resource: Attribute[] = [];
  const origin = await listen(
    createServer((request, response) => {
      void json(request).then((body) => {
        for (const { resource: from, scopeSpans } of (body as TraceExport).resourceSpans) {
          resource = from.attributes;
          for (const scope of scopeSpans) spans.push(...scope.spans);
        }
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    }),
  );
  return { origin, spans, resource: () => resource };
}

interface RunningGateway {
  http: string;
  ops: string;
  child: ChildProcess;
  /** The traceparents that the service behind was sent. */
  passedOn: unknown[];
}

/** Starts the gateway before a service. */
async function startGateway(program: string[], environment: Record<string, string>): Promise<RunningGateway> {
  const passedOn: unknown[] = [];
  const service = await listen(
    createServer((request, response) => {
      passedOn.push(request.headers['traceparent']);
      response.end('[]');
    }),
  );
  const settings = { AUTH_URL: service, ORDERS_URL: service, NOTIFICATIONS_URL: service, ...environment };
  const child = spawn(process.execPath, program, { cwd: FOLDER, env: { PATH: path, ...settings }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const line = await vi.waitUntil(() => output.split('\n').find((text) => text.includes('"listening"')), { timeout: START_TIMEOUT_MS });
  const { ports } = JSON.parse(line) as { ports: { http: number; ops: number } };
  return { http: `http://127.0.0.1:${ports.http}`, ops: `http://127.0.0.1:${ports.ops}`, child, passedOn };
}

const valueOf = (attributes: readonly Attribute[], key: string) => Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0];

describe.each([
  ['its source', ['src/main.ts']],
  ['its bundle', ['dist/main.js']],
])('a process run from %s', (_name, program) => {
  beforeAll(() => promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'build.ts'), 'gateway'], { cwd: ROOT }), START_TIMEOUT_MS);

  test('traces a request through its router and on to the next service', async () => {
    const receiver = await startReceiver();
    const { http, ops, child, passedOn } = await startGateway(program, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin, OTEL_SERVICE_NAME: 'front', TRUST_TRACE_CONTEXT: 'true' });
    await Promise.all([fetch(`${ops}/readyz`), fetch(`${ops}/livez`)]);
    const response = await fetch(`${http}/api/v1/menu/019aaf00-0000-7000-8000-000000000001`, { headers: { traceparent: PARENT } });
    expect(response.status).toBe(200);
    // Spans that still wait are sent on the way out.
    child.kill('SIGTERM');
    await once(child, 'exit');
    const server = receiver.spans.find(({ kind }) => kind === SERVER);
    const client = receiver.spans.find(({ kind }) => kind === CLIENT);
    expect(receiver.spans).toHaveLength(2);
    expect([server?.name, valueOf(server?.attributes ?? [], 'http.route')]).toEqual(['GET /api/v1/menu/:id', '/api/v1/menu/:id']);
    expect([server?.traceId, server?.parentSpanId]).toEqual(PARENT.split('-').slice(1, 3));
    expect([client?.traceId, client?.parentSpanId]).toEqual([server?.traceId, server?.spanId]);
    expect(passedOn).toEqual([`00-${server?.traceId}-${client?.spanId}-01`]);
    expect(valueOf(receiver.resource(), 'service.name')).toBe('front');
    expect(valueOf(receiver.resource(), 'service.namespace')).toBe('doubleshot');
    expect(valueOf(receiver.resource(), 'service.version')).toMatch(/^\d/);
    expect(valueOf(receiver.resource(), 'service.instance.id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('without an endpoint nothing is traced, and problems have no trace id', async () => {
  const { http } = await startGateway(['src/main.ts'], {});
  const problem = (await (await fetch(`${http}/nothing`)).json()) as object;
  expect(problem).toMatchObject({ code: 'route_not_found' });
  expect(problem).not.toHaveProperty('traceId');
});
