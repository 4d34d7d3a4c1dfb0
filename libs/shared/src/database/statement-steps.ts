import { passStep, stepsAreHeard } from '../telemetry/steps.ts';
import type { SqlStatement } from './database.ts';

/** An end of the process around what only reads changes nothing. */
const READS = /^\s*SELECT\b/i;

/** What steps call a statement by: its name. Nothing for one without a name, for one that only reads, and while nobody listens. */
export function stepNameOf(statement: SqlStatement): string | undefined {
  return !stepsAreHeard() || typeof statement === 'string' || READS.test(statement.text) ? undefined : statement.name;
}

export function passStatement(moment: string, name: string | undefined): void {
  if (name !== undefined) passStep(moment, name);
}
