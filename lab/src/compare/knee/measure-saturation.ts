import { OBJECTIVES, type SaturationSettings } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import { measureWindow, type Brew, type Stand, type WindowMeasurement } from '../method/measure-window.ts';
import type { PathName } from '../report-schema.ts';
import type { ConcurrencyPoint, Knee, Probe, Saturation } from '../saturation-schema.ts';
import { findKnee } from './find-knee.ts';
import { judgeJourneys, judgeProbe, type SentWindow } from './judge-probe.ts';
import { fitScalabilityLaw } from './scalability-law.ts';

export interface SaturationOptions {
  stand: Stand;
  brew: Brew;
  settings: SaturationSettings;
  /** Told before each window, with the share of this brew's paths that is done. */
  onStep: (title: string, share: number) => void;
}

/** What measures one path, among all. */
type PathOptions = Omit<SaturationOptions, 'onStep'> & { onStep: (title: string) => void };

export interface MeasuredSaturation {
  saturations: Saturation[];
  /** Of each process when the order path was at its knee. */
  kneeRssBytes?: Readonly<Record<string, number>>;
}

/** A log-in keeps a core busy for so long that more at once only queue. */
const MOST_LOGINS_AT_ONCE = 16;
/** Of the throughput that the closed loop came to: a rate that might hold. */
const LIKELY_SHARE = 0.7;
const LOWEST_RATE = 2;
const HIGHEST_RATE = 20_000;

/** Drives one brew to its limit on each path: so many at once, then the highest rate that holds. */
export async function measureSaturation(all: SaturationOptions): Promise<MeasuredSaturation> {
  const saturations: Saturation[] = [];
  let kneeRssBytes: MeasuredSaturation['kneeRssBytes'];
  const { paths } = all.settings;
  for (const [index, path] of paths.entries()) {
    const options: PathOptions = { ...all, onStep: (title) => { all.onStep(title, index / paths.length); } };
    const points = await sweep(path, options);
    const sender = createSender(path, options);
    const startAt = Math.max(...points.map(({ throughput }) => throughput), LOWEST_RATE) * LIKELY_SHARE;
    const fit = fitScalabilityLaw(points.filter((point) => point.void === undefined), options.brew.shop.name);
    const searched = await search(path, { sender, options, startAt, judge: judgeProbe });
    saturations.push({ ...searched, closedLoop: { points, fit } });
    if (path !== 'order') continue;
    kneeRssBytes = sender.rssBytesAt(searched.knee.ratePerSecond);
    saturations.push(await search('notified', { sender, options, startAt: searched.knee.ratePerSecond ?? startAt, judge: judgeJourneys }));
  }
  return { saturations, ...(kneeRssBytes !== undefined && { kneeRssBytes }) };
}

async function sweep(path: RequestedPath, { stand, brew, settings, onStep }: PathOptions): Promise<ConcurrencyPoint[]> {
  const points: ConcurrencyPoint[] = [];
  for (const concurrency of settings.concurrencies.filter((each) => path !== 'login' || each <= MOST_LOGINS_AT_ONCE)) {
    onStep(`${path} of ${brew.shop.name}, ${concurrency} at once`);
    const { result, generatorCores, void: reason } = await measureWindow(stand, brew, { path, pace: { concurrency }, seconds: settings.sweepSeconds, pass: 0, toLimit: true });
    points.push({ concurrency, throughput: result.throughput, p50Ms: result.p50Ms, p99Ms: result.p99Ms, errors: result.failed, generatorCores, ...(reason !== null && { void: reason }) });
  }
  return points;
}

interface Sender {
  /** Sends at a rate, unless a window at that rate is there which this search has not had yet. */
  at(ratePerSecond: number, search: PathName): Promise<SentWindow>;
  rssBytesAt(ratePerSecond: number | null): Readonly<Record<string, number>> | undefined;
}

function createSender(path: RequestedPath, { stand, brew, settings, onStep }: PathOptions): Sender {
  const seconds = settings.probeSeconds;
  const sent: { ratePerSecond: number; window: WindowMeasurement; seenBy: Set<PathName> }[] = [];
  return {
    async at(ratePerSecond, search) {
      const known = sent.find((each) => each.ratePerSecond === ratePerSecond && !each.seenBy.has(search));
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

interface Search {
  sender: Sender;
  options: PathOptions;
  startAt: number;
  judge: typeof judgeProbe;
}

async function search(path: PathName, { sender, options, startAt, judge }: Search): Promise<Saturation> {
  const objective = { p99Ms: OBJECTIVES.p99Ms[path], errorShare: OBJECTIVES.errorShare };
  const probes: Probe[] = [];
  const probeAt = async (ratePerSecond: number): Promise<Probe> => {
    const probe = judge(await sender.at(ratePerSecond, path), objective);
    probes.push(probe);
    return probe;
  };
  const found = await findKnee({
    startAt,
    tolerance: OBJECTIVES.tolerance,
    lowest: LOWEST_RATE,
    highest: HIGHEST_RATE,
    probe: async (ratePerSecond) => {
      const { holds, generatorCores } = await probeAt(ratePerSecond);
      return { holds, limitedByGenerator: generatorCores > options.stand.limits.generatorCores };
    },
  });
  return { topology: options.brew.shop.name, path, objective, probes, knee: { ...found, atHalf: await halfOf(found.ratePerSecond, probeAt) } };
}

async function halfOf(ratePerSecond: number | null, probeAt: (ratePerSecond: number) => Promise<Probe>): Promise<Knee['atHalf']> {
  if (ratePerSecond === null) return null;
  const { p50Ms, p99Ms, void: reason } = await probeAt(ratePerSecond / 2);
  return reason !== undefined ? null : { ratePerSecond: ratePerSecond / 2, p50Ms, p99Ms };
}
