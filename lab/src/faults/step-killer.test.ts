import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseTopology } from '../topology/parse-topology.ts';
import { createStepKiller, type StepKiller } from './step-killer.ts';
import { stepsOf } from './steps.ts';

const TOPOLOGY = parseTopology('gateway+auth+notifications | orders');
const ORDERS = TOPOLOGY.processes.find(({ name }) => name === 'orders')!;
const STEPS = stepsOf(ORDERS, TOPOLOGY);

/** Passes the steps it is told, each three times, and says which it has behind it. */
const PROGRAM = `
  import { channel } from 'node:diagnostics_channel';
  import { writeSync } from 'node:fs';
  for (const step of process.argv.slice(1)) for (let pass = 1; pass <= 3; pass += 1) {
    channel('doubleshot:step').publish({ step, about: '' });
    writeSync(1, step + '#' + pass + '\\n');
  }`;

async function launch(killer: StepKiller): Promise<{ signal: NodeJS.Signals | null; behind: string[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, ...STEPS], { env: { ...killer.settingsAtLaunch(ORDERS) }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { signal, behind: output.split('\n').filter((line) => line !== '') };
}

test('when a process passes its step as often as planned, then it ends there and then, and the next launch is for the next step; a process that is stopped with lives', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'step-killer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const kills: string[] = [];
  const killer = createStepKiller({ topology: TOPOLOGY, stepsOf: (group) => stepsOf(group, TOPOLOGY), killsPerStep: 1, mostPasses: 3, seed: 7, folder, onKill: (process, step) => { kills.push(`${process} ${step}`); } });
  for (let launches = 1; launches <= 3; launches += 1) {
    const { KILL_AT_STEP: step = '', KILL_AT_PASS: pass } = killer.settingsAtLaunch(ORDERS);
    const { signal, behind } = await launch(killer);
    expect(signal).toBe('SIGKILL');
    // All that comes before it, and nothing of what comes behind.
    const all = STEPS.flatMap((each) => [1, 2, 3].map((time) => `${each}#${time}`));
    expect(behind).toEqual(all.slice(0, all.indexOf(`${step}#${pass}`)));
  }
  expect(killer.working()).toBe(true);
  killer.stop();
  expect(await launch(killer)).toMatchObject({ signal: null, behind: { length: 3 * STEPS.length } });
  expect(new Set(kills).size).toBe(3);
  expect(Object.values(killer.killsByStep()['orders'] ?? {}).filter((count) => count === 1)).toHaveLength(3);
});
