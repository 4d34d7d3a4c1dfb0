import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEventLoopBlocker } from './event-loop-blocker.ts';

/** Says how late each of its timers was, in milliseconds. */
const PROGRAM = `
  import { writeSync } from 'node:fs';
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    writeSync(1, Math.round(now - last) + '\\n');
    last = now;
  }, 5);`;
const FOR_EVER = 1_000_000;

test('when an event loop is blocked, then its timers wait until it is released, or for as long as it is to be busy', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-loop-blocker-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const blocker = createEventLoopBlocker(folder, 'orders+notifications');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], { env: { ...blocker.variables }, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const stands = async (): Promise<boolean> => {
    const before = output;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return output === before;
  };
  await expect.poll(() => output, { timeout: 10_000 }).toContain('\n');

  await blocker.block({ busyMs: FOR_EVER, everyMs: FOR_EVER });
  await expect.poll(stands, { timeout: 10_000 }).toBe(true);
  await blocker.release();
  await expect.poll(stands, { timeout: 10_000 }).toBe(false);

  output = '';
  await blocker.block({ busyMs: 150, everyMs: 300 });
  await expect.poll(() => output.split('\n').filter((late) => Number(late) >= 150).length, { timeout: 10_000 }).toBeGreaterThan(2);
});
