import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { superviseProcess, type SupervisedProcess } from './supervised-process.ts';

const SAYS = `console.log('{"message":"listening"}'); console.error('orders: BEANS is missing\\norders: MILK is wrong: must be warm (it is "cold")');`;

/** A process that says what is wrong and ends with an exit code. */
async function startEnding(exitCode: number, restart: boolean): Promise<SupervisedProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'supervised-'));
  const supervised = superviseProcess({
    group: { name: 'orders', modules: ['orders'] },
    program: { folder, arguments: ['--eval', `${SAYS} process.exitCode = ${exitCode};`] },
    settings: () => ({ PORT: '9', OPS_PORT: '9' }),
    logFile: join(folder, 'orders.log'),
    restart,
  });
  onTestFinished(async () => {
    await supervised.stop();
    await rm(folder, { recursive: true, force: true });
  });
  supervised.start();
  return supervised;
}

test.each([false, true])('when its configuration is wrong, restarting: %s, then whoever waits is told at once, in the words of the process', async (restart) => {
  const supervised = await startEnding(2, restart);
  const failure: unknown = await supervised.ready(20_000).catch((error: unknown) => error);
  expect(failure).toEqual(new UsageError('orders ended with exit code 2 before it was ready: BEANS is missing; MILK is wrong: must be warm (it is "cold")'));
  expect(failure).toBeInstanceOf(UsageError);
  expect(supervised.unexpectedEnds).toBe(1);
});

test('when it ends for another reason and is not started again, then the last lines of its log are shown', async () => {
  const supervised = await startEnding(1, false);
  await expect(supervised.ready(20_000)).rejects.toThrow(/^orders ended with exit code 1 before it was ready; the last lines of .*\n {2}listening\n {2}orders: BEANS is missing\n/);
});

test('when it ends for another reason and is started again, then waiting goes on', async () => {
  const supervised = await startEnding(1, true);
  await expect.poll(() => supervised.unexpectedEnds, { timeout: 15_000 }).toBeGreaterThan(1);
  await expect(supervised.ready(300)).rejects.toThrow('orders was not ready after 0.3 s');
});
