import { differingConditions, type BrewConditions } from './brew-conditions.ts';
import { OBJECTIVES, SHOP_SETTINGS, type ComparisonSettings, type RoundLimits } from './comparison-settings.ts';
import { judgeCapacity } from './judge-capacity.ts';
import { judgeAtHalf } from './judge-half-knee.ts';
import { describeCpuSource, describeMachine, describeShops, type MeasuredHow } from './measuring-environment.ts';
import { priceOf } from './cost/price.ts';
import type { FurtherSections } from './measure-sections.ts';
import type { ComparisonReport, PriceReport, Prices, RoundReport, TopologyReport } from './report-schema.ts';
import type { Saturation } from './saturation-schema.ts';
import { figureOf } from './statistics.ts';
import { summarizeGenerator, summarizeTopology, type MeasuredBrew } from './summarize.ts';
import { TICK_MS } from './usage/process-usage.ts';
import { judge } from './verdict.ts';
import { warningsOf } from './warnings.ts';

/** Under what conditions is measured; known before the first window. */
export interface ReportConditions extends MeasuredHow {
  settings: ComparisonSettings;
  limits: RoundLimits;
  seed: number;
  prices: Prices;
  exactCpuTime: boolean;
}

/** What has been measured so far. */
export interface Measured extends FurtherSections {
  asked: readonly BrewConditions[];
  brews: readonly MeasuredBrew[];
  rounds: readonly RoundReport[];
  saturation: readonly Saturation[];
}

export type ReportBody = Omit<ComparisonReport, 'measuredAt' | 'elapsedMs' | 'command' | 'commands' | 'partial' | 'since'>;

/** Sums up what there is, whole or not. */
export function buildReport({ asked, brews, rounds, saturation, ...further }: Measured, conditions: ReportConditions): ReportBody {
  const { settings, exactCpuTime, prices } = conditions;
  const topologies = brews.map((brew) => withPrice(summarizeTopology(brew, { windows: settings.windows, stepMs: exactCpuTime ? 0 : TICK_MS }), saturation, prices));
  const measured = { topologies, rounds: [...rounds], saturation: [...saturation] };
  const names = topologies.map(({ name }) => name);
  return {
    schemaVersion: 3,
    form: settings.form,
    environment: { ...describeMachine(conditions), ...describeShops(asked, conditions.backends) },
    settings: describeSettings(conditions),
    ...measured,
    generatorCores: summarizeGenerator(brews.map(({ windows }) => windows)),
    verdicts: [...judge(topologies), ...judgeCapacity(saturation, names), ...judgeAtHalf(saturation, names)],
    warnings: [...differingConditions(asked), ...warningsOf({ ...measured, ...further })],
    ...further,
  };
}

export function describeSettings({ settings, limits, seed, prices, exactCpuTime }: Omit<ReportConditions, keyof MeasuredHow>): ComparisonReport['settings'] {
  return {
    ...{ seed, customers: settings.customers, brewTimeScale: Number(SHOP_SETTINGS.BREW_TIME_SCALE), passes: settings.passes, windows: { ...settings.windows } },
    // A limit that is none is told as more than any machine has.
    limits: { ...limits, strangerCores: Number.isFinite(limits.strangerCores) ? limits.strangerCores : Number.MAX_SAFE_INTEGER },
    objectives: OBJECTIVES,
    prices,
    cpuSource: describeCpuSource(exactCpuTime),
  };
}

/** At half the knee of the order path where it was found: a rate people would run it at. */
function withPrice(topology: Omit<TopologyReport, 'pricePerMillionOrders'>, saturation: readonly Saturation[], prices: Prices): TopologyReport {
  const { order } = topology.paths;
  const cpu = order.cpuMicros;
  if (cpu === undefined || cpu.total.n === 0) return { ...topology, pricePerMillionOrders: null };
  const knee = saturation.find((each) => each.topology === topology.name && each.path === 'order')?.knee.ratePerSecond ?? null;
  const rate = knee === null ? { ratePerSecond: order.ratePerSecond, rateIs: 'measured' as const } : { ratePerSecond: knee / 2, rateIs: 'half the knee' as const };
  const price = (apps: number, withBackends: number, rssBytes: number): PriceReport => priceOf({ cpuMicros: apps, backendCpuMicros: withBackends - apps, rssBytes, ...rate }, prices);
  const { loadRssBytes: rss } = topology;
  const totals = figureOf(cpu.total.values.map((apps, pass) => price(apps, cpu.withBackends.values[pass] ?? apps, rss.values[pass] ?? rss.median).total));
  return { ...topology, pricePerMillionOrders: { ...price(cpu.total.median, cpu.withBackends.median, rss.median), totals } };
}
