import { OBJECTIVES } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import { jobOf, type Brew, type Stand } from '../method/measure-window.ts';
import { judgeJourneys, judgeProbe } from './judge-probe.ts';

/** Of each try. */
const SECONDS = 0.25;
const FEWEST_REQUESTS = 2;
const TRIES = 6;

/**
 * Sends at a rate until the brew bears it, and for orders until each of them was notified: what waits from an overload before is worked off by then.
 * Answers whether it came to that.
 */
export async function settle({ generator, seed }: Stand, brew: Brew, path: RequestedPath, ratePerSecond: number): Promise<boolean> {
  const [judge, p99Ms] = path === 'order' ? [judgeJourneys, OBJECTIVES.p99Ms.notified] : [judgeProbe, OBJECTIVES.p99Ms[path]];
  const seconds = Math.max(SECONDS, FEWEST_REQUESTS / ratePerSecond);
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const result = await generator.run(await jobOf(brew, { path, pace: { rate: ratePerSecond }, seconds }, seed));
    if (judge({ ratePerSecond, seconds, result, generatorCores: 0, void: null }, { p99Ms, errorShare: OBJECTIVES.errorShare }).holds === true) return true;
  }
  return false;
}
