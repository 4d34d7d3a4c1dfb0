// Both brews side by side, as compare starts them, warmed up and ready to be driven by its load generator.
import { LIMITS, STANDARD } from '../src/compare/comparison-settings.ts';
import { startGenerator } from '../src/compare/generator/generator.ts';
import { REQUESTED_PATHS } from '../src/compare/generator/generator-protocol.ts';
import { warmUp } from '../src/compare/measure-sections.ts';
import type { Stand } from '../src/compare/method/measure-window.ts';
import type { BackendsKind } from '../src/compare/open-brews.ts';
import { openReadyBrews, type ReadyBrew } from '../src/compare/ready-brews.ts';
import { requestsOf } from '../src/compare/run-comparison.ts';
import { readHostUsage } from '../src/compare/usage/host-usage.ts';
import { UsageError } from '../src/errors.ts';
import type { Undo } from '../src/topology/undo.ts';

/** As much noise as compare allows, unless told. */
export function limitsOf(noise: string | undefined): Stand['limits'] {
  return { ...LIMITS, ...(noise !== undefined && { strangerCores: Number(noise) }) };
}

export function tellVoid({ topology, void: reason }: Parameters<Stand['onRound']>[0]): void {
  if (reason !== null) say(`void, ${topology}: ${reason}`);
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Whoever calls takes back what was started. */
export async function openStand(backends: string, noise: string | undefined, undo: Undo): Promise<{ stand: Stand; brews: ReadyBrew[] }> {
  if (!isBackends(backends)) throw new UsageError(`embedded or containers, not "${backends}"`);
  const generator = await startGenerator();
  undo.add(generator.close);
  const plan = { begin: () => undefined, tell: say, missing: () => [] };
  const { brews } = await openReadyBrews(requestsOf(['monolith', 'microservices']), { backends, customers: STANDARD.customers, plan, undo, onAsked: () => undefined });
  const stand = { generator, limits: limitsOf(noise), shops: brews.map(({ shop }) => shop), seed: 0, readHost: readHostUsage, onRound: tellVoid };
  for (const brew of brews) await warmUp(brew, REQUESTED_PATHS, { generator, settings: STANDARD, seed: stand.seed });
  return { stand, brews };
}

function isBackends(name: string): name is BackendsKind {
  return name === 'embedded' || name === 'containers';
}
