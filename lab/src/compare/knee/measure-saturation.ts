import type { SaturationSettings } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import { orderOfPass } from '../method/measure-passes.ts';
import type { Brew, Stand } from '../method/measure-window.ts';
import type { Saturation } from '../saturation-schema.ts';
import { drivePath, SEARCHED } from './drive-path.ts';
import { measureAtHalf } from './measure-at-half.ts';

export interface SaturationOptions {
  stand: Stand;
  brews: readonly Brew[];
  settings: SaturationSettings;
  /** Told before each window, with the share of the paths that is done. */
  onStep: (title: string, share: number) => void;
  /** Called with all there is after each path. */
  onMeasured: (measured: MeasuredSaturation) => void;
}

export interface MeasuredSaturation {
  saturations: Saturation[];
  /** By brew, of each process when the order path was at its knee. */
  kneeRssBytes: readonly (Readonly<Record<string, number>> | undefined)[];
}

/** Drives brews to their limit, path by path: so many at once, then the highest rate that holds, then half of it; with several passes, in turn there and back. */
export async function measureSaturation({ onMeasured, ...options }: SaturationOptions): Promise<void> {
  const { settings, onStep } = options;
  let measured: MeasuredSaturation = { saturations: [], kneeRssBytes: [] };
  for (const [index, path] of settings.paths.entries()) {
    const { saturations, kneeRssBytes } = await measurePath(path, { ...options, onStep: (title) => { onStep(title, index / settings.paths.length); } });
    measured = { saturations: [...measured.saturations, ...saturations], kneeRssBytes: path === 'order' ? kneeRssBytes : measured.kneeRssBytes };
    onMeasured(measured);
  }
}

type OnePathOptions = Omit<SaturationOptions, 'onStep' | 'onMeasured'> & { onStep: (title: string) => void };

async function measurePath(path: RequestedPath, { stand, brews, settings, onStep }: OnePathOptions): Promise<MeasuredSaturation> {
  const drivers = brews.map((brew) => drivePath(path, { stand, brew, settings, onStep }));
  for (let pass = 1; pass <= settings.passes; pass += 1) {
    for (const index of orderOfPass(brews.length, pass, stand.seed)) await drivers[index]?.search();
  }
  const found = drivers.map((driver) => driver.saturations());
  const saturations: Saturation[] = [];
  for (const [nth, searched] of SEARCHED[path].entries()) {
    const ofBrews = found.flatMap((each) => each[nth] ?? []);
    const atKnees = brews.map((brew, index) => ({ brew, kneeRatePerSecond: ofBrews[index]?.knee.ratePerSecond ?? null }));
    const halves = await measureAtHalf({ stand, settings, path, searched, brews: atKnees, onStep });
    saturations.push(...ofBrews.map((each, index) => ({ ...each, knee: { ...each.knee, atHalf: halves[index] ?? null } })));
  }
  return { saturations, kneeRssBytes: drivers.map((driver) => driver.kneeRssBytes()) };
}
