import type { WindowSettings } from './comparison-settings.ts';
import { addUp, distributionOf } from './generator/latency-histogram.ts';
import type { GeneratorResult, RequestedPath } from './generator/generator-protocol.ts';
import type { WindowMeasurement } from './method/measure-window.ts';
import type { MeasuredProcess, MeasuredShop } from './method/measured-shop.ts';
import type { PathWindows, Passes } from './method/measure-passes.ts';
import type { FreshStart } from './method/measure-starts.ts';
import type { CodeBytes, CpuReport, PathName, PathReport, TopologyReport } from './report-schema.ts';
import { figureOf, type Figure } from './statistics.ts';
import { totalOf } from './usage/shop-usage.ts';

const MICROS_IN_MS = 1000;

export interface MeasuredBrew {
  shop: Pick<MeasuredShop, 'name'> & { processes: readonly Pick<MeasuredProcess, 'name' | 'modules'>[] };
  windows: Passes[number];
  starts: readonly FreshStart[];
  perOrder: { spans: readonly number[]; logLines: readonly number[] };
  kneeRssBytes?: Readonly<Record<string, number>>;
  /** By process; absent where it was not measured, as are the images. */
  codeBytes?: Readonly<Record<string, CodeBytes>>;
  imageBytes?: Readonly<Record<string, number>>;
}

export interface Conditions {
  windows: Readonly<Record<string, WindowSettings>>;
  /** How fine the CPU time of one process is. */
  stepMs: number;
}

/** Sums up what was measured of one brew. */
export function summarizeTopology(brew: MeasuredBrew, conditions: Conditions): Omit<TopologyReport, 'pricePerMillionOrders'> {
  const { shop, windows, starts, perOrder, kneeRssBytes, codeBytes, imageBytes } = brew;
  const ofProcess = (name: string, records: readonly Readonly<Record<string, number>>[]): Figure => figureOf(records.map((record) => record[name] ?? 0));
  const total = (records: readonly Readonly<Record<string, number>>[]): Figure => figureOf(records.map(totalOf));
  const idle = starts.map(({ rssBytes }) => rssBytes);
  const load = largestOfEachPass(windows);
  const ready = starts.map(({ readyAfterMs }) => readyAfterMs);
  return {
    name: shop.name,
    processes: shop.processes.map(({ name, modules }) => ({
      name,
      modules: [...modules],
      idleRssBytes: ofProcess(name, idle),
      loadRssBytes: ofProcess(name, load),
      ...(kneeRssBytes !== undefined && { kneeRssBytes: ofProcess(name, [kneeRssBytes]) }),
      startupMs: ofProcess(name, ready),
      ...(codeBytes?.[name] !== undefined && { codeBytes: codeBytes[name] }),
      ...(imageBytes?.[name] !== undefined && { imageBytes: imageBytes[name] }),
    })),
    startupMs: figureOf(ready.map((start) => Math.max(...Object.values(start)))),
    idleRssBytes: total(idle),
    loadRssBytes: total(load),
    ...(kneeRssBytes !== undefined && { kneeRssBytes: total([kneeRssBytes]) }),
    ...(codeBytes !== undefined && { codeBytes: { start: sum(Object.values(codeBytes).map(({ start }) => start)), total: sum(Object.values(codeBytes).map((bytes) => bytes.total)) } }),
    ...(imageBytes !== undefined && { imageBytes: totalOf(imageBytes) }),
    perOrder: { spans: figureOf(perOrder.spans), logLines: figureOf(perOrder.logLines) },
    paths: summarizePaths(windows, conditions),
  };
}

/** The generator's share of one core on each path, in the windows of all brews that count. */
export function summarizeGenerator(brews: Passes): Record<PathName, Figure> {
  const cores = (path: RequestedPath): Figure => figureOf(brews.flatMap((windows) => (windows[path] ?? []).map(({ generatorCores }) => generatorCores)));
  return { read: cores('read'), databaseRead: cores('databaseRead'), order: cores('order'), notified: cores('order'), login: cores('login') };
}

function summarizePaths(windows: Passes[number], conditions: Conditions): Record<PathName, PathReport> {
  const of = (path: RequestedPath): PathReport => summarizePath(windows[path] ?? [], conditions.windows[path], conditions.stepMs);
  return { read: of('read'), databaseRead: of('databaseRead'), order: of('order'), notified: summarizeNotified(windows.order ?? [], conditions.windows['order']), login: of('login') };
}

const NO_WINDOW: WindowSettings = { ratePerSecond: 0, seconds: 0 };

function summarizePath(windows: PathWindows, { ratePerSecond, seconds } = NO_WINDOW, stepMs = 0): PathReport {
  const results = windows.map(({ result }) => result);
  return {
    ...{ ratePerSecond, seconds },
    requests: sum(results.map(({ due }) => due)),
    errors: sum(results.map(({ failed }) => failed)),
    dropped: sum(results.map(({ dropped }) => dropped)),
    throughput: figureOf(results.map(({ throughput }) => throughput)),
    ...latencyOf(results),
    cpuMicros: cpuOf(windows, stepMs),
    bytes: { sent: perRequest(windows, ({ result }) => result.bytes.sent), received: perRequest(windows, ({ result }) => result.bytes.received) },
  };
}

/** The rate asked for is that of the orders; orders that nobody was told of are errors. */
function summarizeNotified(windows: PathWindows, { ratePerSecond, seconds } = NO_WINDOW): PathReport {
  const notified = windows.flatMap(({ result }) => (result.notified === undefined ? [] : [{ ...result.notified, elapsedMs: result.elapsedMs }]));
  return {
    ...{ ratePerSecond, seconds },
    requests: sum(notified.map(({ count, missing }) => count + missing)),
    errors: sum(notified.map(({ missing }) => missing)),
    dropped: 0,
    throughput: figureOf(notified.map(({ count, elapsedMs }) => (count * 1_000) / elapsedMs)),
    ...latencyOf(notified),
  };
}

function latencyOf(results: readonly Pick<GeneratorResult, 'p50Ms' | 'p99Ms' | 'buckets'>[]): Pick<PathReport, 'p50Ms' | 'p99Ms' | 'latency'> {
  const p99s = results.map(({ p99Ms }) => p99Ms).filter((value) => value !== null);
  return {
    p50Ms: figureOf(results.map(({ p50Ms }) => p50Ms)),
    p99Ms: p99s.length === results.length ? figureOf(p99s) : null,
    latency: distributionOf(addUp(results.map(({ buckets }) => buckets))),
  };
}

function cpuOf(windows: PathWindows, stepMs: number): CpuReport {
  const [first] = windows;
  const names = Object.keys(first?.cpuMs ?? {});
  const micros = (of: (window: WindowMeasurement) => number): Figure => perRequest(windows, (window) => of(window) * MICROS_IN_MS);
  return {
    total: micros(({ cpuMs }) => totalOf(cpuMs)),
    byProcess: Object.fromEntries(names.map((name) => [name, micros(({ cpuMs }) => cpuMs[name] ?? 0)])),
    byBackend: Object.fromEntries(Object.keys(first?.backendCpuMs ?? {}).map((name) => [name, micros(({ backendCpuMs }) => backendCpuMs[name] ?? 0)])),
    withBackends: micros(({ cpuMs, backendCpuMs }) => totalOf(cpuMs) + totalOf(backendCpuMs)),
    step: windows.length === 0 ? 0 : (stepMs * names.length * MICROS_IN_MS) / Math.max(1, Math.min(...windows.map(({ result }) => result.succeeded))),
  };
}

/** For each that succeeded: what failed was work for nothing, and the brew's own fault. */
function perRequest(windows: PathWindows, of: (window: WindowMeasurement) => number): Figure {
  return figureOf(windows.map((window) => of(window) / Math.max(1, window.result.succeeded)));
}

/** The most each process held at the end of a window of a pass. */
function largestOfEachPass(windows: Passes[number]): Record<string, number>[] {
  const paths = Object.values(windows);
  const passes = Math.max(0, ...paths.map(({ length }) => length));
  return Array.from({ length: passes }, (_, pass) => {
    const largest: Record<string, number> = {};
    for (const path of paths) for (const [name, bytes] of Object.entries(path[pass]?.rssBytes ?? {})) largest[name] = Math.max(largest[name] ?? 0, bytes);
    return largest;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
