import type { ComparisonReport } from '../report-schema.ts';

/** How a brew is told from the others, in every chart alike. */
export interface Brew {
  name: string;
  /** Its name where there is little room. */
  label: string;
  /** Of its accent. */
  tone: string;
  /** Of its points: who does not see the accent sees these. */
  marker: 'circle' | 'square' | 'triangle' | 'diamond';
}

const MARKERS = ['circle', 'square', 'triangle', 'diamond'] as const;
const LONGEST_LABEL = 14;
const FIRST_LETTER = 65;

/** The brews that are compared, the baseline first. */
export function brewsOf({ topologies }: ComparisonReport): Brew[] {
  return topologies.map(({ name }, index) => ({
    name,
    label: name.length > LONGEST_LABEL ? `brew ${String.fromCharCode(FIRST_LETTER + index)}` : name,
    tone: toneOf(index),
    marker: MARKERS[index % MARKERS.length] ?? 'circle',
  }));
}

/** That of a brew that is not among those compared, as the steps of the dial, is nobody's. */
export function toneOfName(report: ComparisonReport, name: string): string {
  return toneOf(report.topologies.findIndex((topology) => topology.name === name));
}

function toneOf(index: number): string {
  return index < 0 ? 'brew-none' : `brew-${index % MARKERS.length}`;
}
