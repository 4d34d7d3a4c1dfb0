import { NOTHING, type Html } from '../../page/html.ts';
import type { Probe, ScalabilityFit } from '../saturation-schema.ts';
import { formatRate, formatRoundMs } from '../units.ts';
import { linearAxis, logAxis, type Axis } from './charts/axis.ts';
import { renderLineChart, type Line, type Mark, type Point } from './charts/line-chart.ts';
import type { Driven } from './driven.ts';

/** From so many times on, two knees are too far apart for one linear axis. */
const FAR_APART = 20;
const CURVE_POINTS = 60;
const RATE = 'asked for each second';

/** What is done of what is asked. */
export function throughputChart(all: readonly Driven[]): Html {
  const driven = withValidProbes(all);
  if (driven.length === 0) return NOTHING;
  const points = driven.flatMap(({ saturation }) => saturation.probes);
  return renderLineChart({
    title: 'Throughput',
    summary: driven.map(({ brew, saturation: { knee } }) => `${brew.name} holds its objective up to ${knee.ratePerSecond === null ? 'no rate tried' : formatRate(knee.ratePerSecond)}`).join('; '),
    x: { axis: rateAxis(driven), title: RATE, format: formatCount },
    y: { axis: rateAxis(driven, points.map(({ throughput }) => throughput)), title: 'done each second', format: formatCount },
    marks: kneeMarks(driven),
    lines: driven.map(({ brew, saturation: { probes, knee } }): Line => {
      const line = sorted(probes).flatMap(({ ratePerSecond, throughput }): Point[] => (throughput > 0 ? [[ratePerSecond, throughput]] : []));
      const text = knee.ratePerSecond === null ? brew.label : `${brew.label} ${formatRate(knee.ratePerSecond)}`;
      return { brew, look: 'points', points: line, ...labelled(text, line.find(([rate]) => rate === knee.ratePerSecond) ?? line.at(-1)) };
    }),
  });
}

/** How long it takes, the middle and the slowest. */
export function latencyChart(all: readonly Driven[]): Html {
  const driven = withValidProbes(all);
  if (driven.length === 0) return NOTHING;
  const objectives = [...new Set(driven.map(({ saturation }) => saturation.objective.p99Ms))];
  const both = driven.flatMap(({ brew, saturation: { probes } }): Line[] => [
    withEndLabel({ brew, look: 'points', points: latencies(probes, ({ p99Ms }) => p99Ms) }),
    { brew, look: 'dashed', points: latencies(probes, ({ p50Ms }) => p50Ms) },
  ]);
  const lines = both.filter(({ points }) => points.length > 0);
  return renderLineChart({
    title: 'Latency, p99 and (dashed) p50',
    summary: 'latency grows with the rate; the figures are in the table below',
    x: { axis: rateAxis(driven), title: RATE, format: formatCount },
    y: { axis: logAxis([...objectives, ...lines.flatMap(({ points }) => points.map(([, ms]) => ms))]), title: 'time to the answer', format: formatRoundMs },
    marks: [...objectives.map((y): Mark => ({ y, label: `objective ${formatRoundMs(y)}`, tone: 'objective' })), ...kneeMarks(driven)],
    lines,
  });
}

/** What more at once give, with the curve that was laid through it. */
export function concurrencyChart(driven: readonly Driven[]): Html {
  const closed = driven.flatMap(({ brew, saturation: { closedLoop } }) => {
    const points = closedLoop?.points.filter((point) => point.void === undefined) ?? [];
    return points.length === 0 ? [] : [{ brew, fit: closedLoop?.fit ?? null, points }];
  });
  if (closed.length === 0) return NOTHING;
  const concurrencies = closed.flatMap(({ points }) => points.map(({ concurrency }) => concurrency));
  const lines = closed.flatMap(({ brew, points, fit }): Line[] => [
    ...(fit === null ? [] : [{ brew, look: 'plain', points: curveOf(fit, Math.max(...concurrencies)) } as const]),
    withPeakLabel({ brew, look: 'only-points', points: points.map(({ concurrency, throughput }): Point => [concurrency, throughput]) }),
  ]);
  return renderLineChart({
    title: 'Closed loop',
    summary: closed.map(({ brew, points }) => `${brew.name} does at most ${formatRate(Math.max(...points.map(({ throughput }) => throughput)))}`).join('; '),
    x: { axis: logAxis(concurrencies), title: 'at work at once', format: String },
    y: { axis: linearAxis(lines.flatMap(({ points }) => points.map(([, throughput]) => throughput))), title: 'done each second', format: formatCount },
    lines,
  });
}

/** Void windows stay in the table: their figures are not the brew's. */
function withValidProbes(driven: readonly Driven[]): Driven[] {
  return driven.map(({ brew, saturation }) => ({ brew, saturation: { ...saturation, probes: saturation.probes.filter((probe) => probe.void === undefined) } })).filter(({ saturation }) => saturation.probes.length > 0);
}

function labelled(text: string, at: Point | undefined): Pick<Line, 'label'> {
  return at === undefined ? {} : { label: { text, at, side: 'above' } };
}

function withEndLabel(line: Line): Line {
  return { ...line, ...labelled(line.brew.label, line.points.at(-1)) };
}

function withPeakLabel(line: Line): Line {
  const highest = Math.max(...line.points.map(([, y]) => y));
  return { ...line, ...labelled(line.brew.label, line.points.find(([, y]) => y === highest)) };
}

function curveOf({ lambda, alpha, beta }: ScalabilityFit, most: number): Point[] {
  return Array.from({ length: CURVE_POINTS + 1 }, (_, index): Point => {
    const n = most ** (index / CURVE_POINTS);
    return [n, (lambda * n) / (1 + alpha * (n - 1) + beta * n * (n - 1))];
  });
}

function kneeMarks(driven: readonly Driven[]): Mark[] {
  return driven.flatMap(({ brew, saturation: { knee } }) => (knee.ratePerSecond === null ? [] : [{ x: knee.ratePerSecond, label: 'knee', tone: brew.tone }]));
}

function rateAxis(driven: readonly Driven[], values?: readonly number[]): Axis {
  const rates = driven.flatMap(({ saturation }) => saturation.probes.map(({ ratePerSecond }) => ratePerSecond));
  const highest = driven.map(({ saturation }) => Math.max(...saturation.probes.map(({ ratePerSecond }) => ratePerSecond)));
  const shown = (values ?? rates).filter((value) => value > 0);
  return Math.max(...highest) / Math.min(...highest) > FAR_APART ? logAxis(shown) : linearAxis(shown);
}

function latencies(probes: readonly Probe[], of: (probe: Probe) => number | null): Point[] {
  return sorted(probes).flatMap((probe): Point[] => {
    const ms = of(probe);
    return ms === null || ms <= 0 ? [] : [[probe.ratePerSecond, ms]];
  });
}

function sorted(probes: readonly Probe[]): Probe[] {
  return [...probes].sort((a, b) => a.ratePerSecond - b.ratePerSecond);
}

function formatCount(value: number): string {
  return value.toLocaleString('en');
}
