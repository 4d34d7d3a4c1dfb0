import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { inheritedEnvironment, readEnvironment } from '../environment.ts';
import { LabError, UsageError } from '../errors.ts';
import { isAlive } from '../is-alive.ts';
import { STATE_FOLDER } from '../paths.ts';
import { takeLock } from '../take-lock.ts';
import { createUndo, type Undo } from '../topology/undo.ts';
import { connectControl } from './control-client.ts';
import { endLeftovers } from './leftovers.ts';
import type { SupervisorOrder, SupervisorReport } from './supervisor-protocol.ts';
import { createProgress, print } from './terminal.ts';
import { localhost } from './localhost.ts';
import { renderUp } from './up-text.ts';
import { readUpSettings, type UpSettings } from './up-settings.ts';
import { readUpState, removeUpState, type UpState } from './up-state.ts';

const SUPERVISOR = join(import.meta.dirname, 'supervisor.ts');
/** Held by `up` until its shop is ready. */
const LOCK = join(STATE_FOLDER, 'up.lock');
const LOG_FOLDER = join(STATE_FOLDER, 'up');
const GONE_POLL_MS = 50;

export function upCommand(): Command {
  return new Command('up')
    .description('leave one brew or both running')
    .option('--topology <topology>', 'monolith, microservices, both, or groups such as "gateway+auth | orders+notifications" (default: TOPOLOGY, or both)')
    .addHelpText('after', '\nVariables: TOPOLOGY, BACKENDS (embedded or containers), MONO_PORT (8081), MICRO_PORT (8082), HTTP_PORT (8080, in containers), STAFF_EMAIL and STAFF_PASSWORD, BREW_TIME_SCALE, OTEL_*')
    .action((options: { topology?: string }) => up(readUpSettings(readEnvironment(), options.topology)));
}

export function downCommand(): Command {
  return new Command('down').description('stop what up started').action(down);
}

async function up(settings: UpSettings): Promise<void> {
  const undo = createUndo();
  try {
    const unlock = await takeLock(LOCK, () => { print(`waiting for another \`up\` (its lock: ${LOCK})`); });
    undo.add(unlock);
    await requireNothingUp();
    await cleanUpAfterCrash();
    await rm(LOG_FOLDER, { recursive: true, force: true });
    await mkdir(LOG_FOLDER, { recursive: true });
    const state = await superviseUntilReady({ settings, logFolder: LOG_FOLDER }, undo);
    undo.forget();
    await unlock();
    print(await renderUp(state));
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function requireNothingUp(): Promise<void> {
  const running = await connectControl();
  if (running === undefined) return;
  const shops = running.state.shops.map((shop) => `${shop.name} at ${localhost(shop.baseUrl)}`).join(', ');
  throw new LabError(`the shop is up already (${shops === '' ? 'still starting' : shops}): stop it with \`make down\` first`);
}

async function superviseUntilReady(order: SupervisorOrder, undo: Undo): Promise<UpState> {
  const log = openSync(join(LOG_FOLDER, 'supervisor.log'), 'a');
  const supervisor = spawn(process.execPath, [SUPERVISOR], { cwd: STATE_FOLDER, env: inheritedEnvironment(), detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  undo.add(async () => {
    if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
    const gone = once(supervisor, 'exit');
    supervisor.kill('SIGTERM');
    await gone;
  });
  const state = await readiness(supervisor, order);
  supervisor.disconnect();
  supervisor.unref();
  return state;
}

function readiness(supervisor: ChildProcess, order: SupervisorOrder): Promise<UpState> {
  const progress = createProgress();
  return new Promise((resolve, reject) => {
    supervisor.on('error', reject);
    supervisor.on('exit', (code, signal) => { reject(new LabError(`the supervisor ended (${signal ?? `exit code ${code ?? '?'}`}) before the shop was ready; see ${join(LOG_FOLDER, 'supervisor.log')}`)); });
    supervisor.on('message', (report: SupervisorReport) => {
      if (report.kind === 'progress') progress(report.message);
      else if (report.kind === 'ready') resolve(report.state);
      else reject(report.exitCode === 2 ? new UsageError(report.message) : new LabError(report.message));
    });
    supervisor.send(order);
  });
}

async function down(): Promise<void> {
  const control = await connectControl();
  if (control === undefined) {
    print((await cleanUpAfterCrash()) ? 'The supervisor had died; what it left behind is gone now.' : 'Nothing is up.');
    return;
  }
  await control.stop();
  while (isAlive(control.state.pid)) await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
  print(`Stopped. The logs stay in ${LOG_FOLDER} until the next up.`);
}

/** Answers whether there was anything to clean up. */
async function cleanUpAfterCrash(): Promise<boolean> {
  const state = await readUpState();
  if (state === undefined) return false;
  await endLeftovers(state);
  await removeUpState(state.pid);
  return true;
}
