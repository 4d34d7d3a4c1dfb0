import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createStepKiller } from './step-killer.ts';

/** Passes two steps in turn until it ends, and says which it has behind it. */
const PROGRAM = `
  import { channel } from 'node:diagnostics_channel';
  import { writeSync } from 'node:fs';
  setInterval(() => {
    for (const step of ['grinding', 'steaming milk']) {
      channel('doubleshot:step').publish({ step, about: '' });
      writeSync(1, step + '\\n');
    }
  }, 5);`;

test('when a process passes the step it is told as often as it is told, then it ends there and then; before, and when it never passes it, it lives', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'step-killer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const killer = createStepKiller(folder, 'orders');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], { env: { ...killer.variables }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  await expect.poll(() => output, { timeout: 10_000 }).toContain('steaming milk');
  expect(await killer.kill({ step: 'boiling over', pass: 1 }, 500)).toBe(false);
  expect(child.exitCode).toBeNull();
  expect(await killer.kill({ step: 'steaming milk', pass: 3 }, 10_000)).toBe(true);
  expect((await ended)[1]).toBe('SIGKILL');
  // It came to the step, and not past it.
  expect(output.split('\n').slice(-2)).toEqual(['grinding', '']);
});
