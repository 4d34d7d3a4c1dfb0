import type { SaturationSettings } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import { orderOfPass } from '../method/measure-passes.ts';
import { measureWindow, type Brew, type Stand } from '../method/measure-window.ts';
import type { Knee, Probe } from '../saturation-schema.ts';
import { figureOf, median } from '../statistics.ts';
import { objectiveOf, type Searched } from './drive-path.ts';
import { settle } from './settle.ts';

export interface HalfOptions {
  stand: Stand;
  settings: Pick<SaturationSettings, 'passes' | 'probeSeconds'>;
  /** What is sent, and what is told of it. */
  path: RequestedPath;
  searched: Searched;
  /** Each with its own knee; null where there is none. */
  brews: readonly { brew: Brew; kneeRatePerSecond: number | null }[];
  onStep: (title: string) => void;
}

/**
 * Measures each brew at half its own knee, in turn, there and back, when what waited from before is worked off. A pass counts only if each brew that has
 * a knee has a valid window in it: the n-th of each are pairs. Answers by brew; null where there is no knee, or no pass counts.
 */
export async function measureAtHalf({ stand, settings, path, searched, brews, onStep }: HalfOptions): Promise<Knee['atHalf'][]> {
  const windows: Probe[][] = brews.map(() => []);
  for (let pass = 1; pass <= settings.passes; pass += 1) {
    const found: (readonly [number, Probe | undefined])[] = [];
    for (const index of orderOfPass(brews.length, pass, stand.seed)) {
      const { brew, kneeRatePerSecond = null } = brews[index] ?? {};
      if (brew === undefined || kneeRatePerSecond === null) continue;
      onStep(`${searched.path} of ${brew.shop.name} at half its knee, pass ${pass} of ${settings.passes}`);
      found.push([index, await measureOnce(brew, kneeRatePerSecond / 2, { stand, settings, path, searched })]);
    }
    if (found.every(([, probe]) => probe !== undefined)) for (const [index, probe] of found) if (probe !== undefined) windows[index]?.push(probe);
  }
  return windows.map(latencyOf);
}

async function measureOnce(brew: Brew, ratePerSecond: number, { stand, settings, path, searched }: Omit<HalfOptions, 'brews' | 'onStep'>): Promise<Probe | undefined> {
  if (!(await settle(stand, brew, path, ratePerSecond))) return undefined;
  const seconds = settings.probeSeconds;
  const window = await measureWindow(stand, brew, { path, pace: { rate: ratePerSecond }, seconds, pass: 0 });
  const probe = searched.judge({ ratePerSecond, seconds, ...window }, objectiveOf(searched));
  return probe.void === undefined ? probe : undefined;
}

function latencyOf(windows: readonly Probe[]): Knee['atHalf'] {
  const [first] = windows;
  if (first === undefined) return null;
  const [p50s, p99s] = [windows.map(({ p50Ms }) => p50Ms), windows.flatMap(({ p99Ms }) => p99Ms ?? [])];
  const hasP99 = p99s.length === windows.length;
  return {
    ratePerSecond: first.ratePerSecond,
    p50Ms: median(p50s),
    p99Ms: hasP99 ? median(p99s) : null,
    ...(windows.length > 1 && { windows: { p50Ms: figureOf(p50s), p99Ms: hasP99 ? figureOf(p99s) : null } }),
  };
}
