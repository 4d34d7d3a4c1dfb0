import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ProcessGroup, Topology } from '../topology/parse-topology.ts';
import { planStepKills, type StepKill, type StepKillOptions } from './kill-at-step-plan.ts';

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'kill-at-step-preload.ts')).href;

export interface StepKillerOptions extends StepKillOptions {
  topology: Topology;
  /** At which steps a process is killed. */
  stepsOf: (group: ProcessGroup) => readonly string[];
  /** Where the processes report their ends. */
  folder: string;
  onKill: (process: string, step: string) => void;
}

/** Has the processes of a shop that restarts them end at one of their steps after another. */
export interface StepKiller {
  /** For each launch of a process: at which step it ends. */
  settingsAtLaunch(group: ProcessGroup): Readonly<Record<string, string>>;
  /** Whether a kill is still to come. */
  working(): boolean;
  /** Whoever is launched from now on lives. */
  stop(): void;
  /** Kills so far, by process and step; a step at which none came is there with 0. */
  killsByStep(): Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Victim {
  plan: readonly StepKill[];
  report: string;
  /** How many kills of the plan are done. */
  done: number;
}

export function createStepKiller(options: StepKillerOptions): StepKiller {
  const { topology, stepsOf, folder, onKill } = options;
  const victims = new Map<string, Victim>(
    topology.processes.map((group) => [group.name, { plan: planStepKills(stepsOf(group), options), report: join(folder, `${group.name}.txt`), done: 0 }]),
  );
  let stopped = false;

  function count(name: string, victim: Victim): void {
    const reported = linesOf(victim.report);
    for (const step of reported.slice(victim.done)) onKill(name, step);
    victim.done = reported.length;
  }

  return {
    settingsAtLaunch: ({ name }) => {
      const victim = victims.get(name);
      if (victim === undefined) return {};
      count(name, victim);
      // One that ended elsewhere, or before its time, is to end there again.
      const next = victim.plan[victim.done];
      if (next === undefined || stopped) return {};
      return settingsOf(next, victim.report);
    },
    working: () => [...victims.values()].some(({ plan, done }) => done < plan.length),
    stop: () => { stopped = true; },
    killsByStep: () => Object.fromEntries([...victims].map(([name, victim]) => [name, killsOf(victim)])),
  };
}

function settingsOf({ step, pass }: StepKill, report: string): Record<string, string> {
  return { NODE_OPTIONS: `--import ${PRELOAD}`, KILL_AT_STEP: step, KILL_AT_PASS: String(pass), KILL_REPORT: report };
}

function killsOf({ plan, done }: Victim): Record<string, number> {
  const kills: Record<string, number> = Object.fromEntries(plan.map(({ step }) => [step, 0]));
  for (const { step } of plan.slice(0, done)) kills[step] = (kills[step] ?? 0) + 1;
  return kills;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
  } catch {
    // Nobody ended yet.
    return [];
  }
}
