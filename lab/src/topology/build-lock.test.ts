import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockBuild } from './build-lock.ts';

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'build-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'build.lock');
}

test('when nobody builds, then the lock is held with the pid until it is let go', async () => {
  const path = await lockPath();
  const unlock = await lockBuild(path, () => undefined);
  expect(await readFile(path, 'utf8')).toBe(String(process.pid));
  await unlock();
  expect(existsSync(path)).toBe(false);
});

test('when another one builds, then it says that it waits, once, and goes on when that is done', async () => {
  const path = await lockPath();
  const unlock = await lockBuild(path, () => undefined);
  const said: string[] = [];
  const second = lockBuild(path, (message) => { said.push(message); });
  await expect.poll(() => said).toEqual(['waiting for another build']);
  await unlock();
  await (await second)();
  expect(said).toHaveLength(1);
});

test('when the one that built was killed, then its lock is taken over at once', async () => {
  const path = await lockPath();
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  await writeFile(path, String(child.pid));
  const said: string[] = [];
  await (await lockBuild(path, (message) => { said.push(message); }))();
  expect(said).toEqual([]);
});

test('when a lock says not whose it is, then it is taken over', async () => {
  const path = await lockPath();
  await mkdir(path);
  await (await lockBuild(path, () => undefined))();
  expect(existsSync(path)).toBe(false);
});
