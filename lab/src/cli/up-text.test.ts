import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { UpState } from './up-state.ts';
import { renderUp } from './up-text.ts';

test.each(['monolith', 'gateway+auth | orders+notifications'])('when %s is up, then its name and its address are apart', async (name) => {
  const server = createServer((_request, response) => response.end('{"items":[]}'));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const state: UpState = {
    ...{ pid: 1, startedAt: '', control: { url: '', token: '' }, logFolder: '' },
    staff: { email: 'staff@doubleshot.example', password: 'beans' },
    shops: [{ name, baseUrl: `http://127.0.0.1:${port}`, processes: [] }],
  };
  expect(await renderUp(state)).toContain(`  ${name.padEnd(13)}   http://localhost:${port}   documentation: `);
});
