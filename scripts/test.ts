// The whole of `make test`: each level of tests in turn, static checks beside them, then one table of what ran.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineAnswers } from '../lab/src/containers/docker.ts';
import { readEnvironment } from '../lab/src/environment.ts';
import { findChromium } from './chromium/find-chromium.ts';

const SIGNAL_EXIT_CODE_BASE = 128;
const REQUIRE_CONTAINERS = '--require-containers';
const FULL = '--full';
/** Of the message of a test that failed, in the table at the end: above it are thousands of lines. */
const FAILURE_LINES = 12;
/** Sizes of tests that `make test` has no time for, by the variable that sets them. */
const FULL_SIZES = { E2E_PROPERTY_REQUESTS: '20000' };

interface Check {
  name: string;
  command: readonly string[];
}

interface Counts {
  passed: number;
  failed: number;
  /** Names of tests and files that failed, each with what it said first. */
  failures: string[];
  skipped: string[];
  /** How long it took; nothing where it did not run. */
  seconds?: number;
}

interface VitestReport {
  testResults: { name: string; status: string; message: string; assertionResults: { status: string; fullName: string; failureMessages?: string[] }[] }[];
}

const CHECKS: readonly Check[] = [
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'unused code', command: ['npm', 'run', '--silent', 'knip'] },
  { name: 'rules of the rooms', command: ['npm', 'run', '--silent', 'rules'] },
  { name: 'generated documents', command: ['npm', 'run', '--silent', 'docs:check'] },
];

/** Others may pass through: PostgreSQL runs as another user where this one is root. */
const PASSABLE = 0o711;
/** What a level started may still be writing there when it has been told to end. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 200 } as const;

const LOWEST_PRIORITY = ['nice', '-n', '19'];

// One after another: two levels at once would share two cores and time each other out.
const LEVELS = ['unit', 'architecture', 'kubernetes', 'browser', 'integration', 'containers', 'rehearsal', 'e2e', 'e2e-containers', 'ledger'] as const;
/** The levels that take too long for every day. */
const LONG_LEVELS = ['demo', 'measurement', 'faults', 'faults-containers'] as const;
/** The levels that need a container engine. */
const ON_CONTAINERS: readonly string[] = ['containers', 'rehearsal', 'e2e-containers', 'faults-containers'];
/** What the manifests are rendered and checked with, and the levels that need it. */
const FOR_MANIFESTS: readonly { command: readonly string[]; levels: readonly string[] }[] = [
  { command: ['kubectl', 'version', '--client'], levels: ['kubernetes', 'rehearsal'] },
  { command: ['python3', '-m', 'venv', '--help'], levels: ['kubernetes'] },
];
/** The level that needs a Chromium. */
const ON_CHROMIUM = 'browser';

const running = new Set<ChildProcess>();
let stoppedBy: NodeJS.Signals | undefined;

/** Passes a signal on to what runs now; nothing further is begun. */
function stop(signal: NodeJS.Signals): void {
  stoppedBy = signal;
  // The group of each: npm and vitest have children of their own.
  for (const { pid } of running) if (pid !== undefined) tell(-pid, signal);
}

function tell(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(group, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function run(command: readonly string[], quiet: boolean, variables: Readonly<Record<string, string>> = {}): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    // A session of its own: Ctrl-C in the terminal arrives once, from here.
    const env = { ...(process.argv.includes(FULL) && FULL_SIZES), ...readEnvironment(), ...variables };
    const child = spawn(command[0] ?? '', command.slice(1), { detached: true, env, stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'] });
    running.add(child);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => {
      running.delete(child);
      resolve({ ok: false, output: error.message });
    });
    child.on('close', (code) => {
      running.delete(child);
      resolve({ ok: code === 0, output });
    });
  });
}

/** What failed, by the name of the check. They compute, most tests wait: they take what processor time the levels leave. */
async function runChecks(): Promise<ReadonlyMap<string, string>> {
  const failed = new Map<string, string>();
  for (const check of CHECKS) {
    if (stoppedBy !== undefined) break;
    const began = performance.now();
    const { ok, output } = await run([...LOWEST_PRIORITY, ...check.command], true);
    if (stoppedBy !== undefined) break;
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${secondsSince(began).toFixed(1)} s)`);
    if (!ok) failed.set(check.name, output.trimEnd());
  }
  return failed;
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}

/** Its temporary files lie in `directory`, too: tests that are told to end leave some. */
async function runLevel(level: string, directory: string): Promise<Counts> {
  const began = performance.now();
  const file = join(directory, `${level}.json`);
  console.log(`\n== ${level} tests`);
  const { ok } = await run(['vitest', 'run', '--project', level, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], false, { TMPDIR: directory });
  const counts: Counts = { passed: 0, failed: 0, failures: [], skipped: [], seconds: secondsSince(began) };
  const report = JSON.parse(await readFile(file, 'utf8').catch(() => '{"testResults":[]}')) as VitestReport;
  for (const result of report.testResults) {
    for (const test of result.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') {
        counts.failed += 1;
        counts.failures.push(failureOf(test.fullName, test.failureMessages?.[0]));
      } else counts.skipped.push(test.fullName);
    }
    if (result.status === 'failed' && result.message !== '') counts.failures.push(failureOf(result.name, result.message));
  }
  // A file that does not load, or a server that leaks, fails the run without failing a test.
  if (!ok && counts.failed === 0) counts.failed = 1;
  return counts;
}

function failureOf(name: string, message = ''): string {
  const said = message.split('\n').slice(0, FAILURE_LINES).map((line) => `\n    ${line}`);
  return `${name}${said.join('')}`;
}

/** Why the tests of a level cannot run here; nothing where they can. */
async function findObstacles(): Promise<ReadonlyMap<string, string>> {
  const obstacles = new Map<string, string>();
  if (!(await engineAnswers())) for (const level of ON_CONTAINERS) obstacles.set(level, 'no container engine answers');
  for (const { command, levels } of FOR_MANIFESTS) if (!(await run(command, true)).ok) for (const level of levels) obstacles.set(level, `\`${command.join(' ')}\` does not work`);
  if ((await findChromium()) === undefined) obstacles.set(ON_CHROMIUM, 'there is no Chromium');
  return obstacles;
}

/** The names of every test of levels that cannot run here. */
async function listTests(levels: readonly string[], directory: string): Promise<ReadonlyMap<string, Counts>> {
  const lists = new Map(levels.map((level) => [level, { passed: 0, failed: 0, failures: [], skipped: [] as string[] }]));
  if (levels.length === 0 || stoppedBy !== undefined) return lists;
  const file = join(directory, 'skipped.json');
  // Read as they run: tests come from tables and contract suites, too, which parsing the files alone does not see.
  const command = ['vitest', 'list', '--no-static-parse', ...levels.flatMap((level) => ['--project', level]), `--json=${file}`];
  const { ok, output } = await run([...LOWEST_PRIORITY, ...command], true, { LIST_TESTS: '1', TMPDIR: directory });
  const tests = JSON.parse(await readFile(file, 'utf8').catch(() => '[]')) as { name: string; projectName: string }[];
  for (const { name, projectName } of tests) lists.get(projectName)?.skipped.push(name);
  // A file that cannot be read hides its tests.
  if (!ok) for (const counts of lists.values()) Object.assign(counts, { failed: 1, failures: [failureOf('the list of its tests', output)] });
  return lists;
}

async function main(): Promise<number> {
  const checks = runChecks();
  const directory = await mkdtemp(join(tmpdir(), 'doubleshot-test-'));
  await chmod(directory, PASSABLE);
  const results = new Map<string, Counts>();
  try {
    const obstacles = await findObstacles();
    const levels = process.argv.includes(FULL) ? [...LEVELS, ...LONG_LEVELS] : LEVELS;
    const skipped = checks.then(() => listTests(levels.filter((level) => obstacles.has(level)), directory));
    for (const level of levels) {
      const obstacle = obstacles.get(level);
      if (stoppedBy !== undefined) break;
      if (obstacle === undefined) results.set(level, await runLevel(level, directory));
      else console.log(`\n== ${level} tests: skipped, ${obstacle}`);
    }
    for (const [level, counts] of await skipped) results.set(level, counts);
  } finally {
    await rm(directory, REMOVE);
  }
  const failedChecks = await checks;
  if (stoppedBy !== undefined) {
    console.log(`\nStopped by ${stoppedBy} before all had run.`);
    return SIGNAL_EXIT_CODE_BASE + constants.signals[stoppedBy];
  }
  console.log('\nlevel              passed  failed  skipped  seconds');
  for (const level of [...LEVELS, ...LONG_LEVELS]) {
    const counts = results.get(level);
    if (counts === undefined) continue;
    console.log(`${level.padEnd(18)} ${String(counts.passed).padStart(6)}  ${String(counts.failed).padStart(6)}  ${String(counts.skipped.length).padStart(7)}  ${(counts.seconds?.toFixed(1) ?? '').padStart(7)}`.trimEnd());
    for (const failure of counts.failures) console.log(`  failed: ${failure}`);
    for (const name of counts.skipped) console.log(`  skipped: ${name}`);
  }
  for (const level of LONG_LEVELS) if (!results.has(level)) console.log(`${level.padEnd(18)} in \`make test-full\` alone`);
  for (const [check, output] of failedChecks) console.log(`failed check: ${check}\n${output}`);
  const all = [...results.values()];
  const sum = (pick: (counts: Counts) => number): number => all.reduce((total, counts) => total + pick(counts), 0);
  const skipped = sum((counts) => counts.skipped.length);
  // Where containers and a Chromium are required (CI), a skipped test is one that should have run.
  const skipsFail = process.argv.includes(REQUIRE_CONTAINERS) ? skipped : 0;
  const failed = sum((counts) => counts.failed) + failedChecks.size + skipsFail;
  console.log(`\nThe levels took ${sum(({ seconds = 0 }) => seconds).toFixed(1)} s in all.`);
  console.log(`${sum((counts) => counts.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.exitCode = await main();
