import { OBJECTIVES } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import type { Brew, Stand } from '../method/measure-window.ts';
import { judgeJourneys, judgeProbe } from './judge-probe.ts';

/** Of each try. */
const SECONDS = 0.25;
const FEWEST_REQUESTS = 2;
const TRIES = 6;
const NOTIFIED_DEADLINE_MS = 10_000;

/**
 * Sends at a rate until the brew bears it, and for orders until each of them was notified: what waits from an overload before is worked off by then.
 * Answers whether it came to that.
 */
export async function settle({ generator, seed }: Stand, { shop, prepared }: Brew, path: RequestedPath, ratePerSecond: number): Promise<boolean> {
  const [judge, p99Ms] = path === 'order' ? [judgeJourneys, OBJECTIVES.p99Ms.notified] : [judgeProbe, OBJECTIVES.p99Ms[path]];
  const seconds = Math.max(SECONDS, FEWEST_REQUESTS / ratePerSecond);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const customers = await prepared.customers();
    const result = await generator.run({ origin: shop.baseUrl, kind: path, customers, menuItemIds: [...prepared.menuItemIds], seed, pace: { rate: ratePerSecond }, seconds, notifiedDeadlineMs: NOTIFIED_DEADLINE_MS });
    if (judge({ ratePerSecond, seconds, result, generatorCores: 0, void: null }, { p99Ms, errorShare: OBJECTIVES.errorShare }).holds === true) return true;
  }
  return false;
}
