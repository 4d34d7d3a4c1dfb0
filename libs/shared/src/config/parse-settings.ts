import { z } from 'zod';
import type { Environment } from './environment.ts';
import { readVariable } from './read-variable.ts';
import { SettingsError, type SettingFault } from './settings-error.ts';

/** A value of such a variable is not repeated in a message. */
const SECRET_NAME = /SECRET|PASSWORD|TOKEN|CREDENTIAL|_KEY|URL/;
const LONGEST_SHOWN_VALUE = 60;

/**
 * Validates `environment` against a zod schema for each variable and answers the typed values.
 * An empty variable counts as missing; `NAME_FILE` names a file that holds the value of `NAME`.
 * Throws {@link SettingsError} that names every wrong variable at once.
 */
export function parseSettings<Shape extends z.ZodRawShape>(shape: Shape, environment: Environment): z.output<z.ZodObject<Shape>> {
  const faults: SettingFault[] = [];
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(shape)) values[name] = collect(faults, () => readVariable(environment, name));
  const readable = new Set(faults.map(({ variable }) => variable.replace(/_FILE$/, '')));
  const parsed = z.object(shape).safeParse(values);
  if (!parsed.success) faults.push(...describeIssues(parsed.error.issues, values).filter(({ variable }) => !readable.has(variable)));
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults);
  return parsed.data;
}

function collect<T>(faults: SettingFault[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}

function describeIssues(issues: readonly z.core.$ZodIssue[], values: Readonly<Record<string, string | undefined>>): SettingFault[] {
  const byVariable = Map.groupBy(issues, (issue) => String(issue.path[0]));
  return [...byVariable].map(([variable, own]) => ({ variable, fault: faultOf(variable, values[variable], own) }));
}

function faultOf(variable: string, value: string | undefined, issues: readonly z.core.$ZodIssue[]): string {
  if (value === undefined) return 'is missing';
  const shown = SECRET_NAME.test(variable) || value.length > LONGEST_SHOWN_VALUE ? '' : ` (it is "${value}")`;
  return `is wrong: ${issues.map((issue) => issue.message).join('; ')}${shown}`;
}
