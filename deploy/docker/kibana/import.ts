// A program: gives Elasticsearch the index template, then Kibana the data view, searches and dashboard. Run again it changes nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 300_000;
const POLL_MS = 1_000;

const [elasticsearch = '', kibana = ''] = process.argv.slice(2);
const fileOf = (path: string): Promise<string> => readFile(join(import.meta.dirname, '..', path), 'utf8');

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  let last = '';
  while (performance.now() < deadline) {
    last = await fetch(url, { signal: AbortSignal.timeout(READY_WITHIN_MS) }).then(({ status }) => String(status), (error: unknown) => String(error));
    if (last === '200') return;
    await sleep(POLL_MS);
  }
  throw new Error(`${url} was not ready after ${READY_WITHIN_MS / 1_000} s: ${last}`);
}

async function send(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

await untilReady(`${elasticsearch}/_cluster/health?wait_for_status=yellow&timeout=5s`);
await send(`${elasticsearch}/_index_template/doubleshot-logs`, {
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: await fileOf('elasticsearch/index-template.json'),
});

await untilReady(`${kibana}/api/status`);
const form = new FormData();
form.append('file', new Blob([await fileOf('kibana/saved-objects.ndjson')]), 'saved-objects.ndjson');
const imported = await send(`${kibana}/api/saved_objects/_import?overwrite=true`, { method: 'POST', headers: { 'kbn-xsrf': 'doubleshot' }, body: form });
// Objects that are refused do not make it an error answer.
if (!(JSON.parse(imported) as { success: boolean }).success) throw new Error(`not everything was imported: ${imported}`);
process.stdout.write('the index template and the objects of Kibana are in place\n');
