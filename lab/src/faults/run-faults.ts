import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { STATE_FOLDER } from '../paths.ts';
import { runTrial, type TrialResult } from './run-trial.ts';
import type { StageOptions } from './stage.ts';
import type { Trial } from './trial.ts';
import { openVenue, venueOf, type Venue, type VenueKind } from './venue.ts';

export interface RunFaultsOptions {
  topologies: readonly string[];
  backends: StageOptions['backends'];
  /** Rows of the fault matrix. */
  only: readonly string[];
  /** Each trial is run with each. */
  seeds: readonly number[];
  rate: number;
  full: boolean;
  /** Orders that a trial of many faults must see accepted; 0 for as many as its time brings. */
  orders: number;
  onProgress: (message: string) => void;
  onResult: (result: FaultResult) => void;
  /** A row for which there is no such part in a brew on these backends. */
  onLeftOut: (fault: string, topology: string) => void;
}

/** A trial in one brew. One that could not be run to its end has `error` instead. */
export type FaultResult = { topology: string } & (TrialResult | { fault: string; name: string; seed: number; passed: false; error: string; logs: string });

/** Runs each trial on each topology, one after another; resolves when all is stopped again. Ledgers and logs stay of those that did not pass. */
export async function runFaults(options: RunFaultsOptions): Promise<FaultResult[]> {
  const results: FaultResult[] = [];
  for (const topology of options.topologies) {
    const venues = createVenues(topology, options);
    try {
      for (const fault of options.only) {
        const kind = venueOf(fault, options.backends);
        const trials = kind === undefined ? [] : (await venues.at(kind)).trials(fault);
        if (kind === undefined || trials.length === 0) {
          options.onLeftOut(fault, topology);
          continue;
        }
        for (const { name } of trials) {
          for (const seed of options.seeds) {
            const venue = await venues.at(kind);
            const trial = venue.trials(fault).find((each) => each.name === name);
            if (trial === undefined) continue;
            const result = await tryOnce(venue, trial, { ...options, topology, seed });
            results.push(result);
            options.onResult(result);
            // What it left behind must not be laid to the next one's charge.
            if ('error' in result || result.spent) await venues.leave();
          }
        }
      }
    } finally {
      await venues.leave();
    }
  }
  return results;
}

/** One shop at a time, for as long as it is of use. */
function createVenues(topology: string, { backends, onProgress }: RunFaultsOptions): { at(kind: VenueKind): Promise<Venue>; leave(): Promise<void> } {
  let now: { kind: VenueKind; venue: Venue } | undefined;
  async function leave(): Promise<void> {
    const last = now;
    now = undefined;
    await last?.venue.stop();
  }
  return {
    at: async (kind) => {
      if (now?.kind !== kind) {
        await leave();
        now = { kind, venue: await openVenue(kind, { topology, backends, onProgress }) };
      }
      return now.venue;
    },
    leave,
  };
}

async function tryOnce(venue: Venue, trial: Trial, { topology, seed, rate, full, orders, onProgress }: RunFaultsOptions & { topology: string; seed: number }): Promise<FaultResult> {
  const folder = join(STATE_FOLDER, 'faults');
  await mkdir(folder, { recursive: true });
  const ledgerPath = join(folder, `${topology}-${trial.fault}-${trial.name}-${seed}.jsonl`.replaceAll(/[^\w.-]+/g, '_'));
  try {
    const result = await runTrial(venue.shop, trial, { seed, rate, full, orders, ledgerPath, onProgress: (message) => { onProgress(`${topology}: ${message}`); } });
    if (result.passed) await rm(ledgerPath, { force: true });
    return { topology, ...result };
  } catch (error) {
    const { fault, name } = trial;
    return { topology, fault, name, seed, passed: false, error: error instanceof Error ? error.message : String(error), logs: venue.logs };
  }
}
