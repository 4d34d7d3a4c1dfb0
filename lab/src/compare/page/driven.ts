import type { ComparisonReport } from '../report-schema.ts';
import type { Saturation } from '../saturation-schema.ts';
import { brewsOf, type Brew } from './brews.ts';

/** A brew that was driven to its limit on one path. */
export interface Driven {
  brew: Brew;
  saturation: Saturation;
}

export function drivenOn(report: ComparisonReport, path: Saturation['path']): Driven[] {
  return brewsOf(report).flatMap((brew) => report.saturation.filter((one) => one.path === path && one.topology === brew.name && one.probes.length > 0).map((saturation) => ({ brew, saturation })));
}
