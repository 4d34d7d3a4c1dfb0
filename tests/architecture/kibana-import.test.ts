import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../../deploy/docker/kibana/import.ts');

interface Asked { method: string; path: string; headers: NodeJS.Dict<string | string[]>; body: string }

/** Elasticsearch and Kibana as the program sees them: not ready when first asked. */
async function startEngines(imported: object): Promise<{ origin: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const path = request.url ?? '';
      const isFirst = asked.every((before) => before.path !== path);
      asked.push({ method: request.method ?? '', path, headers: request.headers, body });
      const isProbe = /\/_cluster\/health|\/api\/status/.test(path);
      response.writeHead(isProbe && isFirst ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(path.includes('_import') ? imported : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => { server.closeAllConnections(); server.close(); });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function run(origin: string): Promise<{ code: number; errors: string }> {
  const child = spawn(process.execPath, [PROGRAM, `${origin}/es`, `${origin}/kibana`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, errors };
}

test('when Elasticsearch and Kibana are there, then they get the template first and the objects then', async () => {
  const { origin, asked } = await startEngines({ success: true });
  expect(await run(origin)).toEqual({ code: 0, errors: '' });
  expect(asked.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'GET /es/_cluster/health',
    'GET /es/_cluster/health',
    'PUT /es/_index_template/doubleshot-logs',
    'GET /kibana/api/status',
    'GET /kibana/api/status',
    'POST /kibana/api/saved_objects/_import',
  ]);
  expect(JSON.parse(asked[2]?.body ?? '')).toMatchObject({ data_stream: {} });
  expect(asked.at(-1)).toMatchObject({ headers: { 'kbn-xsrf': expect.any(String), 'content-type': expect.stringMatching(/^multipart\/form-data/) }, body: expect.stringMatching(/name="file"; filename="saved-objects\.ndjson"[^]*doubleshot-shop/) });
});

test('when Kibana refuses an object, then the program ends with a fault', async () => {
  const { origin } = await startEngines({ success: false, errors: [{ id: 'doubleshot-shop' }] });
  const { code, errors } = await run(origin);
  expect(code).toBe(1);
  expect(errors).toContain('not everything was imported: {"success":false,"errors":[{"id":"doubleshot-shop"}]}');
});
