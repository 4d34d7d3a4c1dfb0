import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { ComparisonReport } from '../compare/report-schema.ts';
import { inheritedEnvironment } from '../environment.ts';

const PROGRAM = new URL('../../bin/doubleshot.js', import.meta.url).pathname;
const SIGINT_EXIT_CODE = 130;

let folder: string | undefined;
afterEach(async () => { if (folder !== undefined) await rm(folder, { recursive: true, force: true }); });

/** Of this process and all that descend from it. */
async function tree(root: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=']);
  const all = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) found.push(...all.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : [])));
  return found;
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('when a comparison is ended with Ctrl-C, then what was measured is reported as partial, and nothing goes on running', { timeout: 300_000 }, async () => {
  folder = await mkdtemp(join(tmpdir(), 'doubleshot-compare-'));
  const child = spawn(process.execPath, [PROGRAM, 'compare', '--quick', '--seed', '0', '--noise', '1000', '--out', folder], { env: inheritedEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
  let started: Promise<number[]> | undefined;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (started !== undefined || !output.includes('pass 2 of')) return;
    started = tree(child.pid ?? 0);
    void started.then(() => child.kill('SIGINT'));
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  expect({ code, output }).toMatchObject({ code: SIGINT_EXIT_CODE, output: expect.stringContaining('marked as partial') });
  const report = ComparisonReport.parse(JSON.parse(await readFile(join(folder, 'compare.json'), 'utf8')));
  expect(report.partial?.missing).toEqual(['the rest of comparison', 'start-up']);
  expect(report.topologies.map(({ name, paths }) => [name, paths.read.cpuMicros?.total.n])).toEqual([['monolith', 1], ['microservices', 1]]);
  expect(report.topologies.every(({ perOrder }) => perOrder.spans.median > 5 && perOrder.logLines.median > 2)).toBe(true);
  expect(await readFile(join(folder, 'compare.md'), 'utf8')).toContain('**Not whole:**');
  const begun = (await started) ?? [];
  // The lab, its generator, two PostgreSQL servers with their processes, and five of the shops.
  expect(begun.length).toBeGreaterThan(10);
  expect(begun.filter(runs)).toEqual([]);
});
