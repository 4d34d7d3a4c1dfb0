import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../deploy/k8s');
const FILES = globSync('**/*.yaml', { cwd: FOLDER }).toSorted();

/** Files of the manifests that say something, each with what it says. */
function saying(pattern: RegExp): Record<string, string[]> {
  return Object.fromEntries(FILES.flatMap((file) => {
    const found = readFileSync(join(FOLDER, file), 'utf8').match(pattern);
    return found === null ? [] : [[file, [...found]]];
  }));
}

test('what the ingress controller is told is said in one file', () => {
  expect(Object.keys(saying(/annotations:|nginx\.org\//g))).toEqual(['components/ingress-nginx-f5/annotations.yaml']);
});
