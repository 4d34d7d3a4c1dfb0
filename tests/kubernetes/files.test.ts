import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'deploy/k8s');
const FILES = globSync('**/*.yaml', { cwd: FOLDER }).toSorted();
const GUIDES = [...globSync('deploy/k8s/**/*.md', { cwd: ROOT }), 'docs/kubernetes.md'].map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');

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

test('the version of every image is said in one file, and that of a release in production alone, the same for all of ours', () => {
  expect(saying(/image: \S+:\S+/g)).toEqual({});
  const tags = saying(/(?<=newTag: )[^\s}]+/g);
  expect(Object.keys(tags)).toEqual(['components/images/kustomization.yaml', 'overlays/production/kustomization.yaml']);
  const released = tags['overlays/production/kustomization.yaml']!;
  expect([released.length, new Set(released).size]).toEqual([5, 1]);
});

test('a second JVM in the container of the broker is told to be small', () => {
  const commands = GUIDES.match(/exec kafka-0 -- .*?\/opt\/kafka/g) ?? [];
  expect(commands.length).toBeGreaterThan(2);
  for (const command of commands) expect(command).toContain('-- env KAFKA_HEAP_OPTS=-Xmx96m /opt/kafka');
});

// An older one that may be on the PATH does not read TypeScript.
test('programs of this repository are run by the Node that npm brought', () => {
  const programs = ['combine.ts', 'plan.ts', 'kind/secrets.ts'].map((file) => readFileSync(join(FOLDER, file), 'utf8').split('\n', 1).join());
  const commands = [GUIDES, ...programs].join('\n').match(/\S*node deploy\/\S+\.ts/g) ?? [];
  expect(commands.length).toBeGreaterThan(5);
  expect(commands.filter((command) => !/^`?node_modules\/\.bin\/node /.test(command))).toEqual([]);
});
