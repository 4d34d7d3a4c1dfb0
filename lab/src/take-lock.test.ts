import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { takeLock } from './take-lock.ts';

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'take-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'lock');
}

test('when nobody holds the lock, then it is held with the pid until it is let go', async () => {
  const path = await lockPath();
  const unlock = await takeLock(path, () => undefined);
  expect(await readFile(path, 'utf8')).toBe(String(process.pid));
  await unlock();
  expect(existsSync(path)).toBe(false);
});

test('when another one holds it, then it says that it waits, once, and goes on when that is done', async () => {
  const path = await lockPath();
  const unlock = await takeLock(path, () => undefined);
  const onWait = vi.fn();
  const second = takeLock(path, onWait);
  await expect.poll(() => onWait.mock.calls).toHaveLength(1);
  await unlock();
  await (await second)();
  expect(onWait).toHaveBeenCalledTimes(1);
});

test('when the one that held it was killed, then it is taken over at once', async () => {
  const path = await lockPath();
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  await writeFile(path, String(child.pid));
  const onWait = vi.fn();
  await (await takeLock(path, onWait))();
  expect(onWait).not.toHaveBeenCalled();
});

test('when a lock says not whose it is, then it is taken over', async () => {
  const path = await lockPath();
  await mkdir(path);
  await (await takeLock(path, () => undefined))();
  expect(existsSync(path)).toBe(false);
});
