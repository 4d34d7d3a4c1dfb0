import { LIMITS } from '../comparison-settings.ts';
import type { Generator } from '../generator/generator.ts';
import type { GeneratorJob, GeneratorResult } from '../generator/generator-protocol.ts';
import type { Brew, Stand } from '../method/measure-window.ts';
import type { RoundReport } from '../report-schema.ts';

const CUSTOMER = { id: '', email: '', password: '', token: '', orderPath: '' };
const RESULT: GeneratorResult = {
  ...{ id: 1, due: 100, succeeded: 100, failed: 0, dropped: 0, backlog: { middle: 0, end: 0 }, throughput: 100, bytes: { sent: 1, received: 1 } },
  ...{ p50Ms: 1, p99Ms: 2, maxMs: 3, buckets: [], generatorCpuMs: 100, elapsedMs: 1_000 },
};

export interface SimulatedStand {
  stand: Stand;
  brews: Brew[];
  /** Every window so far. */
  rounds: Omit<RoundReport, 'startedAfterMs'>[];
}

/** Brews of this very process, whose name is their origin, and a generator that answers what it is told to, at once, on a machine that does not say how busy it is. */
export function simulatedStand(names: readonly string[], resultOf: (job: Omit<GeneratorJob, 'id'>) => Partial<GeneratorResult>): SimulatedStand {
  const process_ = { name: 'all', modules: [], pid: process.pid, readyAfterMs: 0, restart: () => Promise.resolve(), kill: () => Promise.resolve() };
  const brews = names.map((name) => ({ shop: { name, baseUrl: name, processes: [process_], backends: [] }, prepared: { menuItemIds: [], customers: () => Promise.resolve([CUSTOMER]) } }));
  const generator: Generator = { pid: process.pid, core: null, close: () => Promise.resolve(), run: (job) => Promise.resolve({ ...RESULT, ...resultOf(job) }) };
  const rounds: SimulatedStand['rounds'] = [];
  const limits = { ...LIMITS, strangerCores: Infinity, stealShare: Infinity };
  return { brews, rounds, stand: { generator, limits, shops: brews.map(({ shop }) => shop), seed: 0, readHost: () => Promise.resolve(undefined), onRound: (round) => { rounds.push(round); } } };
}
