import type { ComparisonReport } from '../report-schema.ts';
import { figureOf, type Figure } from '../statistics.ts';

/** The same report as it might have been a week before: something of every kind is different. */
export function sampleEarlier(now: Omit<ComparisonReport, 'since'>): ComparisonReport {
  return {
    ...now,
    measuredAt: '2026-11-22T03:04:05.000Z',
    environment: { ...now.environment, node: '24.20.0' },
    topologies: now.topologies.map((topology) => ({ ...topology, loadRssBytes: scaled(topology.loadRssBytes, 1 / 1.5), codeBytes: topology.codeBytes && { ...topology.codeBytes, total: topology.codeBytes.total - 1_024 } })),
    saturation: now.saturation.map((one) => {
      if (one.path === 'login') return { ...one, knee: { ...one.knee, searches: undefined } };
      const { searches, ...knee } = one.knee;
      return one.path === 'order' && searches !== undefined ? { ...one, knee: { ...knee, ratePerSecond: knee.ratePerSecond === null ? null : knee.ratePerSecond * 2, searches: { ...searches, rates: scaled(searches.rates, 2) } } } : one;
    }),
    ...(now.blastRadius !== undefined && { blastRadius: { ...now.blastRadius, rows: now.blastRadius.rows.map((row) => ({ ...row, journeys: { ...row.journeys, 'read the menu': 'fails' as const } })) } }),
  };
}

function scaled({ values }: Figure, factor: number): Figure {
  return figureOf(values.map((value) => value * factor));
}
