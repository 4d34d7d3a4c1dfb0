import { pairedRatio } from '../method/paired-ratio.ts';
import type { WindowMeasurement } from '../method/measure-window.ts';
import type { Isolation } from '../section-schemas.ts';
import { figureOf } from '../statistics.ts';

type Window = Pick<WindowMeasurement, 'void'> & { result: Pick<WindowMeasurement['result'], 'p99Ms'> };

/** Two windows side by side, one of them disturbed. */
export interface WindowPair {
  alone: Window;
  beside: Window;
}

/** By how much a disturbance slows each brew: of the pairs both windows of which count. A brew without any has no row. */
export function isolationOf(brews: readonly { topology: string; pairs: readonly WindowPair[] }[], disturbed: Pick<Isolation['rows'][number], 'module' | 'disturbance' | 'ratePerSecond'>): Isolation['rows'] {
  return brews.flatMap(({ topology, pairs }) => {
    const counted = pairs.flatMap(({ alone, beside }) => (alone.void === null && beside.void === null && alone.result.p99Ms !== null && beside.result.p99Ms !== null ? [{ alone: alone.result.p99Ms, beside: beside.result.p99Ms }] : []));
    if (counted.length === 0) return [];
    const [alone, beside] = [counted.map((pair) => pair.alone), counted.map((pair) => pair.beside)];
    return [{ topology, ...disturbed, observedPath: 'read', p99Ms: { alone: figureOf(alone), beside: figureOf(beside) }, ratio: pairedRatio(beside, alone) }];
  });
}
