import { REQUESTED_PATHS, type PathMeasurement, type RequestedPath, type TurnMeasurement } from './measure-turn.ts';
import type { MeasuredShop } from './measured-shop.ts';
import { TICK_MS } from './process-usage.ts';
import type { PathName, PathReport, TopologyReport } from './report-schema.ts';
import { figureOf, type Figure } from './statistics.ts';

const MICROS_IN_MS = 1000;
const NO_LATENCY = { n: 0, quantiles: [] };
const NOT_MEASURED: PathReport = { ratePerSecond: 0, seconds: 0, requests: 0, errors: 0, dropped: 0, throughput: figureOf([]), p50Ms: figureOf([]), p99Ms: null, latency: NO_LATENCY };

/** A brew right after its start, by process. */
export interface FreshStart {
  readyAfterMs: Readonly<Record<string, number>>;
  rssBytes: Readonly<Record<string, number>>;
}

/** Sums up the turns of one brew. */
export function summarizeTopology(shop: Pick<MeasuredShop, 'name' | 'processes'>, turns: readonly TurnMeasurement[], starts: readonly FreshStart[]): TopologyReport {
  const ofProcess = (name: string, records: readonly Readonly<Record<string, number>>[]): Figure => figureOf(records.map((record) => record[name] ?? 0));
  const total = (records: readonly Readonly<Record<string, number>>[]): Figure => figureOf(records.map((record) => sum(Object.values(record))));
  const idle = starts.map(({ rssBytes }) => rssBytes);
  const load = turns.map(({ loadRssBytes }) => loadRssBytes);
  const ready = starts.map(({ readyAfterMs }) => readyAfterMs);
  return {
    name: shop.name,
    processes: shop.processes.map(({ name, modules }) => ({
      name,
      modules: [...modules],
      idleRssBytes: ofProcess(name, idle),
      loadRssBytes: ofProcess(name, load),
      startupMs: ofProcess(name, ready),
    })),
    startupMs: figureOf(ready.map((start) => Math.max(...Object.values(start)))),
    idleRssBytes: total(idle),
    loadRssBytes: total(load),
    perOrder: { spans: figureOf([]), logLines: figureOf([]) },
    pricePerMillionOrders: null,
    paths: {
      ...(Object.fromEntries(REQUESTED_PATHS.map((path) => [path, summarizePath(windowsOf(turns, path))])) as Record<RequestedPath, PathReport>),
      notified: summarizeNotified(windowsOf(turns, 'order')),
      login: NOT_MEASURED,
    },
  };
}

/** The generator's share of one core on each path, over all turns of both brews. */
export function summarizeGenerator(turns: readonly TurnMeasurement[]): Record<PathName, Figure> {
  const cores = (path: RequestedPath): Figure => figureOf(windowsOf(turns, path).map(({ result }) => result.generatorCpuMs / result.elapsedMs));
  return { read: cores('read'), databaseRead: cores('databaseRead'), order: cores('order'), notified: cores('order'), login: figureOf([]) };
}

function windowsOf(turns: readonly TurnMeasurement[], path: RequestedPath): PathMeasurement[] {
  return turns.flatMap((turn) => turn.paths.filter((measurement) => measurement.path === path));
}

function summarizePath(windows: readonly PathMeasurement[]): PathReport {
  const perRequest = (of: (window: PathMeasurement) => number): Figure => figureOf(windows.map((window) => (of(window) * MICROS_IN_MS) / Math.max(1, window.result.sent)));
  const names = Object.keys(windows[0]?.cpuMs ?? {});
  return {
    ratePerSecond: windows[0]?.ratePerSecond ?? 0,
    seconds: windows[0]?.seconds ?? 0,
    requests: sum(windows.map(({ result }) => result.sent)),
    errors: sum(windows.map(({ result }) => result.failed)),
    dropped: 0,
    latency: NO_LATENCY,
    throughput: figureOf(windows.map(({ result }) => result.throughput)),
    p50Ms: figureOf(windows.map(({ result }) => result.p50Ms)),
    p99Ms: figureOrNull(windows.map(({ result }) => result.p99Ms)),
    cpuMicros: {
      total: perRequest((window) => sum(Object.values(window.cpuMs))),
      byProcess: Object.fromEntries(names.map((name) => [name, perRequest((window) => window.cpuMs[name] ?? 0)])),
      byBackend: { PostgreSQL: perRequest((window) => window.backendCpuMs) },
      withBackends: perRequest((window) => sum(Object.values(window.cpuMs)) + window.backendCpuMs),
      step: (TICK_MS * names.length * MICROS_IN_MS) / Math.max(1, Math.min(...windows.map(({ result }) => result.sent))),
    },
  };
}

function summarizeNotified(windows: readonly PathMeasurement[]): PathReport {
  const notified = windows.flatMap(({ result }) => (result.notified === undefined ? [] : [{ ...result.notified, seconds: result.elapsedMs / 1000 }]));
  return {
    ratePerSecond: windows[0]?.ratePerSecond ?? 0,
    seconds: windows[0]?.seconds ?? 0,
    requests: sum(notified.map(({ count, missing }) => count + missing)),
    errors: sum(notified.map(({ missing }) => missing)),
    dropped: 0,
    latency: NO_LATENCY,
    throughput: figureOf(notified.map(({ count, seconds }) => count / seconds)),
    p50Ms: figureOf(notified.map(({ p50Ms }) => p50Ms)),
    p99Ms: figureOrNull(notified.map(({ p99Ms }) => p99Ms)),
  };
}

function figureOrNull(values: readonly (number | null)[]): Figure | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? figureOf(known) : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
