import { FAULT_COLUMNS } from '../audit/findings.ts';
import type { TrialResult } from './run-trial.ts';
import type { JourneyEffect } from '../journeys/timeline.ts';

/** `degrades 12 %`: with the share of wrong answers, if there were any. */
export function wordsOfEffect({ effect, errorRate }: JourneyEffect): string {
  return errorRate === 0 ? effect : `${effect} ${Math.max(1, Math.round(errorRate * 100))} %`;
}

export function wordsOfRecovery({ recoveredAfterMs }: TrialResult): string {
  return recoveredAfterMs === 0 ? 'at once' : `${(recoveredAfterMs / 1_000).toFixed(1)} s`;
}

/** `clean (300 accepted)`, or what it found. */
export function wordsOfLedger({ counts, load }: TrialResult): string {
  const wrong = FAULT_COLUMNS.filter((column) => counts[column] > 0).map((column) => `${counts[column]} ${column}`);
  return wrong.length === 0 ? `clean (${load.outcomes.acknowledged} accepted)` : wrong.join(', ');
}
