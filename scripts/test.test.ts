import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'test.ts');
const CHECK = '#!/bin/sh\nexit 0\n';
/** A level that runs until it is told to end, and writes down how often that was. */
const LEVEL = `#!/bin/sh
trap 'echo told >> "$TMPDIR/../told"; exit 1' INT TERM
echo "$*" >> "$TMPDIR/../started"
while [ -d "$TMPDIR" ]; do sleep 0.05; done
`;

/** A folder with stand-ins for what the script runs, and one for temporary files. */
async function standIns(): Promise<{ folder: string; temporary: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-script-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of [['npm', CHECK], ['vitest', LEVEL]] as const) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  await mkdir(join(folder, 'tmp'));
  return { folder, temporary: join(folder, 'tmp') };
}

test.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('when a run of all tests gets %s, then its level is told once, no other begins, and no file is left', async (signal, code) => {
  const { folder, temporary } = await standIns();
  const child = spawn(process.execPath, [SCRIPT], { env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: temporary }, stdio: 'ignore' });
  const end = new Promise((resolve) => child.on('close', resolve));
  const lines = async (name: string): Promise<string[]> => (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  await expect.poll(() => lines('started'), { timeout: 15_000 }).toHaveLength(1);
  expect(await readdir(temporary)).toHaveLength(1);
  child.kill(signal);
  expect(await end).toBe(code);
  expect({ told: await lines('told'), started: (await lines('started')).length, left: await readdir(temporary) }).toEqual({ told: ['told'], started: 1, left: [] });
});
