import type { SaturationSettings } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import { measureWindow, type Brew, type Stand, type WindowMeasurement } from '../method/measure-window.ts';
import type { PathName } from '../report-schema.ts';
import type { SentWindow } from './judge-probe.ts';

/** One brew on one path. */
export interface PathOptions {
  stand: Stand;
  brew: Brew;
  settings: SaturationSettings;
  /** Told before each window. */
  onStep: (title: string) => void;
}

/** Sends on one path at one rate after another. */
export interface RateSender {
  /** Sends at a rate, unless a window at that rate counts which this search has not had yet: searches of orders and of their notifications share windows. */
  at(ratePerSecond: number, search: PathName): Promise<SentWindow>;
  /** Of each process at the end of a window. */
  rssBytesAt(ratePerSecond: number | null): Readonly<Record<string, number>> | undefined;
}

export function createRateSender(path: RequestedPath, { stand, brew, settings, onStep }: PathOptions): RateSender {
  const seconds = settings.probeSeconds;
  const sent: { ratePerSecond: number; window: WindowMeasurement; seenBy: Set<PathName> }[] = [];
  return {
    async at(ratePerSecond, search) {
      const known = sent.find((each) => each.ratePerSecond === ratePerSecond && each.window.void === null && !each.seenBy.has(search));
      known?.seenBy.add(search);
      if (known !== undefined) return { ratePerSecond, seconds, ...known.window };
      onStep(`${path} of ${brew.shop.name}, ${ratePerSecond.toFixed(0)} each second`);
      const window = await measureWindow(stand, brew, { path, pace: { rate: ratePerSecond }, seconds, pass: 0, toLimit: true });
      sent.push({ ratePerSecond, window, seenBy: new Set([search]) });
      return { ratePerSecond, seconds, ...window };
    },
    rssBytesAt: (ratePerSecond) => sent.find((each) => each.ratePerSecond === ratePerSecond)?.window.rssBytes,
  };
}
