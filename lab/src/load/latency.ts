import { createHistogram } from 'node:perf_hooks';

/** Durations in milliseconds, summed up. */
export interface LatencySummary {
  count: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface LatencyRecorder {
  record(ms: number): void;
  summary(): LatencySummary;
}

const MICROSECONDS = 1000;

/** Keeps durations in an HDR histogram with three significant digits. */
export function createLatencyRecorder(): LatencyRecorder {
  const histogram = createHistogram();
  return {
    record(ms) {
      histogram.record(Math.max(1, Math.round(ms * MICROSECONDS)));
    },
    summary() {
      const at = (percentile: number): number => (histogram.count === 0 ? 0 : histogram.percentile(percentile) / MICROSECONDS);
      return { count: histogram.count, p50Ms: at(50), p99Ms: at(99), maxMs: histogram.count === 0 ? 0 : histogram.max / MICROSECONDS };
    },
  };
}
