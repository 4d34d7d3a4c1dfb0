import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'test.ts');
const CHECK = '#!/bin/sh\nexit 0\n';
/** A level that runs until it is told to end, writes down how often that was, and leaves a temporary file. Lists are made beside it. */
const LEVEL = `#!/bin/sh
[ "$1" = list ] && exit 0
trap 'echo told >> "\${0%/*}/told"; exit 1' INT TERM
echo "$*" >> "\${0%/*}/started"
echo beans > "$TMPDIR/left"
while [ -d "$TMPDIR" ]; do sleep 0.05; done
`;
const ENDLESS_CHECK = '#!/bin/sh\nexec sleep 60\n';

/** Lists tests in earnest; every level passes at once. */
const LIST = `#!/bin/sh
[ "$1" = list ] && exec ${process.execPath} ${join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')} "$@"
exit 0
`;
/** One test fails in each level. */
const FAILING = `#!/bin/sh
for last; do :; done
cat > "\${last#--outputFile.json=}" <<'END'
{"testResults":[{"name":"brew.test.ts","status":"failed","message":"","assertionResults":[
  {"status":"passed","fullName":"grinds"},
  {"status":"failed","fullName":"brews","failureMessages":["AssertionError: cold\\nat brew.test.ts:1"]}]}]}
END
exit 1
`;
const ABSENT = '#!/bin/sh\nexit 1\n';
/** What every level but those on containers needs. */
const FOR_MANIFESTS = { kubectl: CHECK, python3: CHECK };

/** A folder with stand-ins for what the script runs, and one for temporary files. */
async function standIns(programs: Readonly<Record<string, string>>): Promise<{ folder: string; temporary: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-script-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ npm: CHECK, ...programs })) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  await mkdir(join(folder, 'tmp'));
  return { folder, temporary: join(folder, 'tmp') };
}

test.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('when a run of all tests gets %s, then its level is told once, no other begins, no file is left, and nothing counts as failed', async (signal, code) => {
  const { folder, temporary } = await standIns({ vitest: LEVEL, npm: ENDLESS_CHECK });
  const child = spawn(process.execPath, [SCRIPT], { env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const end = new Promise((resolve) => child.on('close', resolve));
  const lines = async (name: string): Promise<string[]> => (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  await expect.poll(() => lines('started'), { timeout: 15_000 }).toHaveLength(1);
  expect(await readdir(temporary)).toHaveLength(1);
  child.kill(signal);
  expect(await end).toBe(code);
  expect({ told: await lines('told'), started: (await lines('started')).length, left: await readdir(temporary) }).toEqual({ told: ['told'], started: 1, left: [] });
  expect(output).toMatch(new RegExp(`^(\\n== \\w+ tests.*\\n)+\\nStopped by ${signal} before all had run\\.\\n$`));
});

test('when no container engine, kubectl, Python or Chromium answers, then every test that needs one is named, counted and no failure', { timeout: 120_000 }, async () => {
  const { folder, temporary } = await standIns({ vitest: LIST, docker: ABSENT, kubectl: CHECK, python3: ABSENT, chromium: ABSENT });
  const child = spawn(process.execPath, [SCRIPT], { env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  const counts = [...output.matchAll(/^(kubernetes|browser|rehearsal|(?:e2e-)?containers) +0 +0 +(\d+)$/gm)].map(([, level, skipped]) => [level, Number(skipped)]);
  expect(counts.map(([level]) => level)).toEqual(['kubernetes', 'browser', 'containers', 'rehearsal', 'e2e-containers']);
  expect(output).toContain('== kubernetes tests: skipped, `python3 -m venv --help` does not work');
  const named = output.split('\n').filter((line) => line.startsWith('  skipped: '));
  expect(named).toHaveLength(counts.reduce((sum, [, skipped]) => sum + Number(skipped), 0));
  // Those of tables, of the report's page, of the contract suites, and those for each topology.
  expect(named.join('\n')).toMatch(/the probe breaks the rule[^]*360 px wide[^]*task queue: amqp:[^]*microservices, containers/);
});

test('when tests fail, then the table at the end names them and what they said, with the seconds of each level', { timeout: 60_000 }, async () => {
  const { folder, temporary } = await standIns({ vitest: FAILING, docker: CHECK, chromium: CHECK, ...FOR_MANIFESTS });
  const child = spawn(process.execPath, [SCRIPT], { env: { PATH: `${folder}:/usr/bin:/bin`, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  expect(output).toMatch(/^unit +1 +1 +0 +\d+\.\d\n {2}failed: brews\n {4}AssertionError: cold\n {4}at brew.test.ts:1$/m);
  expect(output).toMatch(/\nThe levels took \d+\.\d s in all\.\n10 passed, 10 failed\n$/);
});
