import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startShop } from './start-shop.ts';
import { undoEverything } from './undo.ts';

async function ownLogFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-logs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// The end-to-end tests start every topology; here is what they cannot see: that nothing is left of one.
test('when a shop of two processes is started, then the gateway serves the menu, and stop leaves nothing behind', async () => {
  const shop = await startShop({ topology: 'gateway+auth | orders+notifications' });
  const pids = [shop.postgres.pid, ...shop.processes.map((process) => process.pid)];
  try {
    const response = await fetch(`${shop.baseUrl}/api/v1/menu`);
    expect({ status: response.status, items: ((await response.json()) as { items: unknown[] }).items.length > 0 }).toEqual({ status: 200, items: true });
    expect(shop.processes.every((process) => process.readyAfterMs > 0 && process.unexpectedEnds === 0)).toBe(true);
  } finally {
    await shop.stop();
  }
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(shop.logFolder)).toBe(false);
});

test('when a process of a shop that restarts is killed, then it comes back on the same port with another pid', async () => {
  const shop = await startShop({ topology: 'microservices', restart: true, logFolder: await ownLogFolder() });
  try {
    const orders = shop.processes.find((process) => process.name === 'orders');
    const before = orders?.pid;
    await orders?.kill('SIGKILL');
    await orders?.ready();
    const response = await fetch(`${shop.baseUrl}/api/v1/menu`);
    expect({ status: response.status, ends: orders?.unexpectedEnds, samePid: orders?.pid === before }).toEqual({ status: 200, ends: 1, samePid: false });
  } finally {
    await shop.stop();
  }
  expect([shop.postgres.pid, ...shop.processes.map((process) => process.pid)].filter(isAlive)).toEqual([]);
});

test('when a process cannot start, then the error says why and nothing stays running', async () => {
  await expect(startShop({ topology: 'monolith', env: { BREW_TIME_SCALE: 'slow' }, logFolder: await ownLogFolder() })).rejects.toThrow(/^monolith ended with exit code 2 before it was ready: BREW_TIME_SCALE is wrong: .*$/);
});

test('when everything is undone, as by Ctrl-C, then no process and no log is left', async () => {
  const logFolder = await ownLogFolder();
  const shop = await startShop({ topology: 'monolith', logFolder });
  expect(await readdir(logFolder)).toHaveLength(1);
  await undoEverything();
  expect(await readdir(logFolder)).toEqual([]);
  expect([shop.postgres.pid, ...shop.processes.map((process) => process.pid)].filter(isAlive)).toEqual([]);
});
