import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../backends/free-port.ts';
import { parseAnswers, probeScript } from './reach-probe.ts';

test('when the program knocks, then it names who answered and leaves out who did not', async () => {
  const server = createServer((socket) => { socket.destroy(); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => void server.close());
  const open = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', probeScript([open, `127.0.0.1:${await freePort()}`])]);
  expect(parseAnswers(`a warning\n${stdout}`)).toEqual([open]);
});
