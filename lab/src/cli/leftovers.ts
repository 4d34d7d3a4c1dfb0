import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { removalOf } from '../containers/compose-project.ts';
import { ROOT } from '../paths.ts';
import type { UpState } from './up-state.ts';

const SETTLE_MS = 1_500;

/** Ends what a supervisor that died left running, in case its watchdog died with it. A process is only ended if its command line shows that it is ours. */
export async function endLeftovers(state: UpState): Promise<void> {
  const services = state.shops.flatMap((shop) => shop.processes.map(({ pid }) => ({ pid, sign: join(ROOT, 'services') })));
  const postgres = state.postgres === undefined ? [] : [{ pid: state.postgres.pid, sign: state.postgres.folder }];
  const supervisor = { pid: state.pid, sign: join(ROOT, 'lab', 'src', 'cli', 'supervisor.ts') };
  let found = false;
  for (const { pid, sign } of [supervisor, ...services, ...postgres]) {
    if (!(await commandLine(pid)).includes(sign)) continue;
    found = true;
    process.kill(pid, postgres.some((one) => one.pid === pid) ? 'SIGQUIT' : 'SIGKILL');
  }
  if (found) await sleep(SETTLE_MS);
  if (state.containers !== undefined) await promisify(execFile)('/bin/sh', ['-c', removalOf(state.containers.project)]);
  if (state.postgres?.folder.includes('doubleshot-postgres-') === true) await rm(state.postgres.folder, { recursive: true, force: true });
}

async function commandLine(pid: number): Promise<string> {
  const found = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => undefined);
  return found?.stdout ?? '';
}
