import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { takeLock } from './take-lock.ts';

async function lockPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'take-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'lock');
}

async function pidOfNobody(): Promise<string> {
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  return String(child.pid);
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

test('when the one that held it was killed, then it is taken over without a word', async () => {
  const path = await lockPath();
  await writeFile(path, await pidOfNobody());
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

test('when many find the lock of one that was killed, then one holds it after the other', async () => {
  const path = await lockPath();
  await writeFile(path, await pidOfNobody());
  let holders = 0;
  const most: number[] = [];
  const hold = async (): Promise<void> => {
    const unlock = await takeLock(path, () => undefined);
    most.push(++holders);
    await sleep(50);
    holders -= 1;
    await unlock();
  };
  await Promise.all(Array.from({ length: 8 }, hold));
  expect(most).toEqual(Array.from({ length: 8 }, () => 1));
});
