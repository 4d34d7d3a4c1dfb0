import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { describeLost, lostSpansOf } from './lost-spans.ts';

async function startProcess(text: string): Promise<string> {
  const server = createServer((_request, response) => response.end(text));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what the processes of a brew lost is added up and told; a process that cannot be asked leaves it open', async () => {
  const one = await startProcess('doubleshot_spans_total{outcome="exported"} 90\ndoubleshot_spans_total{outcome="dropped"} 3\n');
  const other = await startProcess('doubleshot_spans_total{outcome="dropped"} 4\ndoubleshot_spans_total{outcome="failed"} 5\n');
  const lost = await lostSpansOf([one, other]);
  expect(lost).toEqual({ dropped: 7, failed: 5 });
  expect(describeLost(lost)).toContain('7 dropped, 5 not taken');
  expect(describeLost(await lostSpansOf([one, 'http://127.0.0.1:9']))).toBe('');
});
