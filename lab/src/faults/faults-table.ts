import { FAULT_COLUMNS } from '../audit/findings.ts';
import { JOURNEYS } from '../journeys/journey.ts';
import type { FaultResult } from './run-faults.ts';
import { wordsOfEffect, wordsOfLedger, wordsOfRecovery } from './words.ts';

const NAME_WIDTH = 40;
const CELL_WIDTH = 14;
const FINDINGS_SHOWN = 8;

/** What each fault did to each journey in each brew, as lines for a terminal. */
export function renderFaults(results: readonly FaultResult[]): string {
  return [...Map.groupBy(results, ({ topology }) => topology)]
    .flatMap(([topology, rows]) => [
      '',
      `${topology.padEnd(NAME_WIDTH + 4)}${JOURNEYS.map((journey) => journey.padEnd(CELL_WIDTH)).join('')}${'recovers'.padEnd(10)}ledger`,
      ...rows.flatMap(renderResult),
    ])
    .join('\n');
}

/** One row, and below it what should not have been. */
export function renderResult(result: FaultResult): string[] {
  const name = `${result.fault.padEnd(4)}${result.name.slice(0, NAME_WIDTH - 1).padEnd(NAME_WIDTH)}`;
  if ('error' in result) return [`${name}could not be run: ${result.error}`, `      seed ${result.seed}, logs: ${result.logs}`];
  const { journeys, findings, faults, notes, seed } = result;
  return [
    `${name}${JOURNEYS.map((journey) => wordsOfEffect(journeys[journey]).padEnd(CELL_WIDTH)).join('')}${wordsOfRecovery(result).padEnd(10)}${wordsOfLedger(result)}`,
    ...notes.map((note) => `      ${note}`),
    ...faults.map((fault) => `    ! ${fault}`),
    ...findings.filter(({ column }) => (FAULT_COLUMNS as readonly string[]).includes(column)).slice(0, FINDINGS_SHOWN).map(({ column, id, detail }) => `    ! ${column}: ${id} ${detail}`),
    ...(result.passed ? [] : [`    ! seed ${seed}`]),
  ];
}
