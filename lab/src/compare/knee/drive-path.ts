import { OBJECTIVES } from '../comparison-settings.ts';
import type { RequestedPath } from '../generator/generator-protocol.ts';
import { measureWindow } from '../method/measure-window.ts';
import type { PathName } from '../report-schema.ts';
import type { ConcurrencyPoint, FoundKnee, Probe, Saturation } from '../saturation-schema.ts';
import { findKnee } from './find-knee.ts';
import { judgeJourneys, judgeProbe, type Objective, type SentWindow } from './judge-probe.ts';
import { kneeOf } from './knee-of.ts';
import { fitScalabilityLaw } from './scalability-law.ts';
import { createRateSender, type PathOptions, type RateSender } from './send-at-rates.ts';

/** What is searched for on a path, and how a window of it is judged. */
export interface Searched {
  path: PathName;
  judge: (sent: SentWindow, objective: Objective) => Probe;
}

export const SEARCHED: Readonly<Record<RequestedPath, readonly Searched[]>> = {
  read: [{ path: 'read', judge: judgeProbe }],
  databaseRead: [{ path: 'databaseRead', judge: judgeProbe }],
  order: [{ path: 'order', judge: judgeProbe }, { path: 'notified', judge: judgeJourneys }],
  login: [{ path: 'login', judge: judgeProbe }],
};

/** A log-in keeps a core busy for so long that more at once only queue. */
const MOST_LOGINS_AT_ONCE = 16;
/** Of the throughput that the closed loop came to: a rate that might hold. */
const LIKELY_SHARE = 0.7;
const LOWEST_RATE = 2;
const HIGHEST_RATE = 20_000;
/** In steps of the tolerance, from a knee that was found already. */
const NEAR_STRIDE = 2;

/** Drives one brew to its limit on one path. */
export interface PathDriver {
  /** Once more; the first time from the closed loop on, later from the knee that was found last. */
  search(): Promise<void>;
  /** What the searches found so far, in the order of {@link SEARCHED}; the latency at half the knee is not among it. */
  saturations(): Saturation[];
  /** Of each process when the path was at its knee. */
  kneeRssBytes(): Readonly<Record<string, number>> | undefined;
}

export function drivePath(path: RequestedPath, options: PathOptions): PathDriver {
  const { stand, brew } = options;
  const all = SEARCHED[path].map((searched) => ({ searched, searches: [] as FoundKnee[], probes: [] as Probe[] }));
  const senders: RateSender[] = [];
  let points: ConcurrencyPoint[] | undefined;
  return {
    async search() {
      points ??= await sweep(path, options);
      const sender = createRateSender(path, options);
      senders.push(sender);
      let likely = Math.max(...points.map(({ throughput }) => throughput), LOWEST_RATE) * LIKELY_SHARE;
      for (const { searched, searches, probes } of all) {
        const last = searches.findLast(({ ratePerSecond }) => ratePerSecond !== null)?.ratePerSecond;
        const from = typeof last === 'number' ? { startAt: last, firstStride: NEAR_STRIDE } : { startAt: likely };
        const found = await searchOnce({ searched, sender, probes, from, generatorLimit: stand.limits.generatorCores });
        searches.push(found);
        likely = found.ratePerSecond ?? likely;
      }
    },
    saturations: () =>
      all.map(({ searched, searches, probes }) => ({
        ...{ topology: brew.shop.name, path: searched.path, objective: objectiveOf(searched), probes: [...probes], knee: kneeOf(searches) },
        ...(searched.path === path && points !== undefined && { closedLoop: { points, fit: fitScalabilityLaw(points.filter((point) => point.void === undefined), brew.shop.name) } }),
      })),
    kneeRssBytes() {
      const { ratePerSecond } = kneeOf(all[0]?.searches ?? []);
      return senders.map((sender) => sender.rssBytesAt(ratePerSecond)).find((bytes) => bytes !== undefined);
    },
  };
}

export function objectiveOf({ path }: Searched): Objective {
  return { p99Ms: OBJECTIVES.p99Ms[path], errorShare: OBJECTIVES.errorShare };
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

interface Search {
  searched: Searched;
  sender: RateSender;
  /** Every one is added. */
  probes: Probe[];
  from: { startAt: number; firstStride?: number };
  generatorLimit: number;
}

function searchOnce({ searched, sender, probes, from, generatorLimit }: Search): Promise<FoundKnee> {
  return findKnee({
    ...from,
    tolerance: OBJECTIVES.tolerance,
    lowest: LOWEST_RATE,
    highest: HIGHEST_RATE,
    probe: async (ratePerSecond) => {
      const probe = searched.judge(await sender.at(ratePerSecond, searched.path), objectiveOf(searched));
      probes.push(probe);
      return { holds: probe.holds, limitedByGenerator: probe.generatorCores > generatorLimit };
    },
  });
}
