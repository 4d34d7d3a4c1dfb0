import { LabError } from '../../errors.ts';
import type { WindowSettings } from '../comparison-settings.ts';
import { REQUESTED_PATHS, type RequestedPath } from '../generator/generator-protocol.ts';
import { measureWindow, type Brew, type Stand, type WindowMeasurement } from './measure-window.ts';

/** The windows of one brew on one path, pass by pass. */
export type PathWindows = readonly WindowMeasurement[];

/** By brew in the order given, then by path. All brews have as many on a path, and the n-th of each belong to one pass: they are pairs. */
export type Passes = readonly Readonly<Partial<Record<RequestedPath, PathWindows>>>[];

export interface PassesOptions {
  stand: Stand;
  brews: readonly Brew[];
  passes: number;
  windows: Readonly<Partial<Record<RequestedPath, WindowSettings>>>;
  onWindow?: (title: string) => void;
  /** Called with all there is after every pass. */
  onPass?: (passes: Passes) => void;
}

/** The brews of one pass as indexes: there in the first, back in the second, and so on, so that what drifts evens out. The seed decides who begins. */
export function orderOfPass(brews: number, pass: number, seed: number): number[] {
  const there = Array.from({ length: brews }, (_, index) => (index + seed) % brews);
  return pass % 2 === 1 ? there : there.reverse();
}

/** Measures every path of all brews, one after another, again and again. A path of a pass counts only if every brew has a valid window on it. */
export async function measurePasses({ stand, brews, passes, windows, onWindow, onPass }: PassesOptions): Promise<Passes> {
  const measured: Partial<Record<RequestedPath, WindowMeasurement[]>>[] = brews.map(() => ({}));
  const reasons = new Set<string>();
  for (let pass = 1; pass <= passes; pass += 1) {
    for (const path of REQUESTED_PATHS) {
      const settings = windows[path];
      if (settings === undefined) continue;
      const found: WindowMeasurement[] = [];
      for (const index of orderOfPass(brews.length, pass, stand.seed)) {
        const brew = brews[index];
        if (brew === undefined) throw new TypeError('a pass names a brew that is not there');
        onWindow?.(`${path} of ${brew.shop.name}, pass ${pass} of ${passes}`);
        found[index] = await measureWindow(stand, brew, { path, pace: { rate: settings.ratePerSecond }, seconds: settings.seconds, pass });
      }
      for (const window of found) if (window.void !== null) reasons.add(window.void);
      if (found.every((window) => window.void === null)) found.forEach((window, index) => void (measured[index] ??= {}, (measured[index][path] ??= []).push(window)));
    }
    if (Object.keys(measured[0] ?? {}).length === 0) throw new LabError(noValidRound(reasons));
    onPass?.(measured);
  }
  return measured;
}

function noValidRound(reasons: ReadonlySet<string>): string {
  const [reason = 'no window was measured'] = reasons;
  const advice = reason.startsWith('the load generator') ? 'measure on a faster core, or at lower rates' : 'end what else runs on this machine, or allow more with --noise';
  return `no valid round could be had: ${reason}; ${advice}`;
}
