import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../backends/is-running.ts';
import { LabError, UsageError } from '../errors.ts';
import { endChild, isReady, launchChild } from './child-program.ts';
import { lastLines, lastWords } from './log-tail.ts';
import type { ProcessGroup } from './parse-topology.ts';
import type { Program } from './programs.ts';
import type { ShopProcess } from './shop.ts';

export interface SupervisedProcess extends ShopProcess {
  start(): void;
  /** SIGTERM, then SIGKILL after the time-out; it is not started again. */
  stop(): Promise<void>;
}

export interface SupervisedProcessOptions {
  group: ProcessGroup;
  program: Program;
  /** Asked anew at every start; the ports must stay. */
  settings: () => Readonly<Record<string, string>>;
  logFile: string;
  /** Start it again whenever it ends by itself or is killed; not when it refuses its configuration, which stays as it is. */
  restart: boolean;
}

/** Of a program that refuses its configuration. */
const CONFIGURATION_EXIT_CODE = 2;
const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
/** Before a program is started again that ended without ever being ready. */
const RESTART_PAUSE_MS = 500;
const SIGNALS_THAT_DO_NOT_END: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT', 'SIGUSR2', 'SIGWINCH'];

/** One process through its starts and ends. */
interface Life {
  opsOrigin: string;
  child: ChildProcess | undefined;
  startedAt: number;
  /** NaN until it is ready. */
  readyAfterMs: number;
  unexpectedEnds: number;
  /** Whether it is meant to run. */
  wanted: boolean;
}

/** Runs a program as a child process of its own session, on fixed ports. */
export function superviseProcess(options: SupervisedProcessOptions): SupervisedProcess {
  const { group, logFile } = options;
  const { PORT: port = '', OPS_PORT: opsPort = '' } = options.settings();
  const opsOrigin = `http://127.0.0.1:${opsPort}`;
  const life: Life = { opsOrigin, child: undefined, startedAt: 0, readyAfterMs: Number.NaN, unexpectedEnds: 0, wanted: false };
  const stop = async (): Promise<void> => {
    life.wanted = false;
    if (life.child !== undefined) await endChild(life.child);
  };
  return {
    name: group.name,
    modules: group.modules,
    get pid() {
      return life.child?.pid ?? 0;
    },
    origin: `http://127.0.0.1:${port}`,
    opsOrigin,
    get readyAfterMs() {
      return life.readyAfterMs;
    },
    get unexpectedEnds() {
      return life.unexpectedEnds;
    },
    log: logFile,
    start: () => { start(life, options); },
    stop,
    ready: (timeoutMs = READY_TIMEOUT_MS) => waitUntilReady(life, options, timeoutMs),
    kill: (signal = 'SIGKILL') => kill(life.child, signal),
    restart: async () => {
      await stop();
      start(life, options);
      await waitUntilReady(life, options, READY_TIMEOUT_MS);
    },
  };
}

function start(life: Life, options: SupervisedProcessOptions): void {
  const child = launchChild({ ...options, settings: options.settings() });
  Object.assign(life, { child, startedAt: performance.now(), readyAfterMs: Number.NaN, wanted: true });
  child.once('exit', () => {
    if (!life.wanted || life.child !== child) return;
    life.unexpectedEnds += 1;
    if (!options.restart || refusesConfiguration(life, child)) return;
    const pause = Number.isNaN(life.readyAfterMs) ? RESTART_PAUSE_MS : 0;
    setTimeout(() => { if (life.wanted && life.child === child) start(life, options); }, pause);
  });
  void noteReadiness(life, child);
}

async function noteReadiness(life: Life, child: ChildProcess): Promise<void> {
  while (life.child === child && isRunning(child) && performance.now() - life.startedAt < READY_TIMEOUT_MS) {
    if (await isReady(life.opsOrigin)) {
      if (life.child === child) life.readyAfterMs = performance.now() - life.startedAt;
      return;
    }
    await sleep(POLL_MS, undefined, { ref: false });
  }
}

async function waitUntilReady(life: Life, options: SupervisedProcessOptions, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const { child } = life;
    if (!Number.isNaN(life.readyAfterMs) && child !== undefined && isRunning(child) && (await isReady(life.opsOrigin))) return;
    if (child !== undefined && !isRunning(child)) {
      if (refusesConfiguration(life, child)) throw new UsageError(`${endOf(options, child)}: ${await lastWords(options.logFile)}`);
      if (!options.restart) throw new LabError(`${endOf(options, child)}; ${await lastLines(options.logFile)}`);
    }
    await sleep(POLL_MS);
  }
  throw new LabError(`${options.group.name} was not ready after ${timeoutMs / 1000} s; ${await lastLines(options.logFile)}`);
}

async function kill(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || !isRunning(child)) return;
  if (SIGNALS_THAT_DO_NOT_END.includes(signal)) {
    child.kill(signal);
    return;
  }
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

function refusesConfiguration(life: Life, child: ChildProcess): boolean {
  return child.exitCode === CONFIGURATION_EXIT_CODE && Number.isNaN(life.readyAfterMs);
}

function endOf({ group }: SupervisedProcessOptions, child: ChildProcess): string {
  const how = child.signalCode === null ? `with exit code ${child.exitCode ?? '?'}` : `by ${child.signalCode}`;
  return `${group.name} ended ${how} before it was ready`;
}
