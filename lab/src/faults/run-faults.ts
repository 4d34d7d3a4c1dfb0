import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { STATE_FOLDER } from '../paths.ts';
import { runTrial, type TrialResult } from './run-trial.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import { FAULTS } from './trials/index.ts';
import type { Trial } from './trial.ts';

export interface RunFaultsOptions {
  topologies: readonly string[];
  backends: StageOptions['backends'];
  /** Rows of the fault matrix. */
  only: readonly string[];
  /** Each trial is run with each. */
  seeds: readonly number[];
  rate: number;
  full: boolean;
  onProgress: (message: string) => void;
  onResult: (result: FaultResult) => void;
}

/** A trial in one brew. One that could not be run to its end has `error` instead. */
export type FaultResult = { topology: string } & (TrialResult | { fault: string; name: string; seed: number; passed: false; error: string; logFolder: string });

/** Runs each trial on each topology, one after another; resolves when all is stopped again. Ledgers and logs stay of those that did not pass. */
export async function runFaults(options: RunFaultsOptions): Promise<FaultResult[]> {
  const results: FaultResult[] = [];
  for (const topology of options.topologies) {
    let stage: Stage | undefined;
    const open = async (): Promise<Stage> => (stage ??= await openStage({ topology, backends: options.backends, onProgress: options.onProgress }));
    try {
      for (const { fault, name } of trialsOn(await open(), options.only)) {
        for (const seed of options.seeds) {
          const now = await open();
          const trial = trialsOn(now, [fault]).find((each) => each.name === name);
          if (trial === undefined) continue;
          const result = await tryOnce(now, trial, { ...options, topology, seed });
          results.push(result);
          options.onResult(result);
          if (!('error' in result) && result.clean) continue;
          // What it left behind must not be laid to the next one's charge.
          stage = undefined;
          await now.stop();
        }
      }
    } finally {
      await stage?.stop();
    }
  }
  return results;
}

function trialsOn(stage: Stage, only: readonly string[]): Trial[] {
  return only.flatMap((fault) => FAULTS[fault]?.(stage) ?? []);
}

async function tryOnce(stage: Stage, trial: Trial, { topology, seed, rate, full, onProgress }: RunFaultsOptions & { topology: string; seed: number }): Promise<FaultResult> {
  const folder = join(STATE_FOLDER, 'faults');
  await mkdir(folder, { recursive: true });
  const ledgerPath = join(folder, `${topology}-${trial.fault}-${trial.name}-${seed}.jsonl`.replaceAll(/[^\w.-]+/g, '_'));
  try {
    const result = await runTrial(stage, trial, { seed, rate, full, ledgerPath, onProgress: (message) => { onProgress(`${topology}: ${message}`); } });
    if (result.passed) await rm(ledgerPath, { force: true });
    return { topology, ...result };
  } catch (error) {
    const { fault, name } = trial;
    return { topology, fault, name, seed, passed: false, error: error instanceof Error ? error.message : String(error), logFolder: stage.shop.logFolder };
  }
}
