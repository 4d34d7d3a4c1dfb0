import type { Scaling } from '../section-schemas.ts';
import { formatRate, spreadWithN } from '../units.ts';

/** The rate that so many replicas bear, or why none is told. */
export function rateText({ ratePerSecond, coresNeeded }: Pick<Scaling['rows'][number], 'ratePerSecond' | 'coresNeeded'>, cores: number): string {
  if (ratePerSecond !== null) return spreadWithN(ratePerSecond, formatRate);
  return cores < coresNeeded ? `no rate without ${coresNeeded} cores` : 'no rate: the load generator or the link was at its limit';
}
