import { readFileSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { SettingsError } from './settings-error.ts';

const FILE_SUFFIX = '_FILE';

/**
 * The value of one variable: `NAME`, or the content of the file that `NAME_FILE` points at, without the line break at its end.
 * Empty counts as missing. Throws {@link SettingsError} when both are given or the file cannot be read.
 */
export function readVariable(environment: Environment, name: string): string | undefined {
  const value = given(environment[name]);
  const path = given(environment[name + FILE_SUFFIX]);
  if (path === undefined) return value;
  if (value !== undefined) throw new SettingsError([{ variable: name, fault: `is given twice: as ${name} and as ${name}${FILE_SUFFIX}` }]);
  try {
    return given(readFileSync(path, 'utf8').replace(/\r?\n$/, ''));
  } catch (error) {
    throw new SettingsError([{ variable: name + FILE_SUFFIX, fault: `points at "${path}", which cannot be read (${codeOf(error)})` }]);
  }
}

/** Empty counts as missing. */
export function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
