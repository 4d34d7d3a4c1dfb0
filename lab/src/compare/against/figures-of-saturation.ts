import { PATH_TITLES } from '../metrics.ts';
import type { ComparisonReport } from '../report-schema.ts';
import type { Saturation } from '../saturation-schema.ts';
import { figureOf, type Figure } from '../statistics.ts';
import { formatKnee, formatMs, formatRate } from '../units.ts';
import type { ComparedFigure } from './compared-figure.ts';

/** The highest rate of each brew on each path, and its latency at half of it. */
export function figuresOfSaturation({ saturation, topologies, settings }: Pick<ComparisonReport, 'saturation' | 'topologies' | 'settings'>): ComparedFigure[] {
  return [
    ...saturation.map((one) => highestRate(one, settings.objectives.tolerance)),
    ...saturation.flatMap(atHalf),
    ...topologies.flatMap(({ name: topology, kneeRssBytes: figure }): ComparedFigure[] => (figure === undefined ? [] : [{ section: 'saturation', topology, metric: 'memory at the highest rate of orders', unit: 'bytes', figure }])),
  ];
}

/** Of one search that did not find it there is no value: a bound can be compared with nothing. */
function highestRate(saturation: Saturation, tolerance: number): ComparedFigure {
  const { topology, path, knee: { ratePerSecond, found, searches } } = saturation;
  const figure = searches?.rates ?? figureOf(found === 'between' && ratePerSecond !== null ? [ratePerSecond] : []);
  return { section: 'saturation', topology, metric: `highest rate of ${PATH_TITLES[path]}`, unit: 'a second', figure, tolerance, from: ['search', 'searches'], told: formatKnee(saturation) };
}

function atHalf({ topology, path, knee }: Saturation): ComparedFigure[] {
  if (knee.atHalf === null) return [];
  const { ratePerSecond, p50Ms, p99Ms, windows } = knee.atHalf;
  const latency = (name: string, figure: Figure | null): ComparedFigure[] => (figure === null ? [] : [{
    section: 'saturation',
    ...{ topology, metric: `${name} of ${PATH_TITLES[path]} at half its highest rate`, unit: 'ms', figure },
    from: ['window', 'windows'],
    told: `${formatMs(figure.median)} at ${formatRate(ratePerSecond)}`,
  }]);
  return [...latency('median', windows?.p50Ms ?? figureOf([p50Ms])), ...latency('p99', windows === undefined ? (p99Ms === null ? null : figureOf([p99Ms])) : windows.p99Ms)];
}
