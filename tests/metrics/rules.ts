import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../lab/src/paths.ts';

const FOLDER = join(ROOT, 'deploy/docker/prometheus/rules');
/** `record: name` or `alert: name`, then `expr:` on one line or as an indented block, comments between. */
const RULE = /^ +- (record|alert): (\S+)\n(?: +#.*\n)*( +)expr: (?:\|\n((?:\3 +.*\n)+)|(.+)\n)/gm;

export interface Rule {
  kind: 'record' | 'alert';
  name: string;
  expression: string;
}

/** Every rule of deploy/docker. */
export function readRules(): Rule[] {
  const texts = globSync('*.yml', { cwd: FOLDER }).map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(RULE)].map(([, kind, name = '', , block, line]) => ({ kind: kind as Rule['kind'], name, expression: block ?? line ?? '' })));
}

/** How many rules a reader of YAML finds, whatever their form. */
export function countRules(): number {
  return globSync('*.yml', { cwd: FOLDER }).flatMap((file) => readFileSync(join(FOLDER, file), 'utf8').match(/^ +- (?:record|alert): /gm) ?? []).length;
}
