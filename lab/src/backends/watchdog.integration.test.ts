import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const LAB = `
  import { spawn } from 'node:child_process';
  import { guardFolder, guardProcess } from ${JSON.stringify(new URL('./watchdog.ts', import.meta.url).href)};
  const child = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = spawn(process.execPath, ['-e', ''], { detached: true, stdio: 'ignore' });
  guardProcess(child.pid);
  const release = guardProcess(ended.pid);
  ended.once('exit', () => { release(); child.stdout.once('data', (own) => { console.log(child.pid + ' ' + own); }); });
  guardFolder(process.argv[1]);
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('when the lab is killed with SIGKILL, then its processes, what they started and temporary folders go too', async () => {
  const folder = await mkdtemp(join(tmpdir(), "doubleshot-it's-"));
  await writeFile(join(folder, 'file'), 'x');
  const lab = spawn(process.execPath, ['--input-type=module', '-e', LAB, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(lab.stdout, 'data')) as [Buffer];
  const pids = chunk.toString().trim().split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([true, true]);
  lab.kill('SIGKILL');
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && (pids.some(isAlive) || existsSync(folder)); ) await sleep(20);
  expect({ alive: pids.filter(isAlive), folder: existsSync(folder) }).toEqual({ alive: [], folder: false });
});
