import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rendering } from './renderings.ts';
import { workloadsOf } from './workloads.ts';

const DOCKER = join(import.meta.dirname, '../../deploy/docker');
const COMPOSE = ['backends.yaml', 'compose.yaml', 'metrics.yaml', 'observability.yaml'];

interface Compose {
  services: Record<string, { image: string }>;
}

/** Of the images that the containers use, with what their variables are unless told. */
function composeImages(): Set<string> {
  const defaults = new Map(readFileSync(join(DOCKER, '.env'), 'utf8').split('\n').filter((line) => /^\w+=/.test(line)).map((line) => line.split('=', 2) as [string, string]));
  const filled = (image: string): string => image.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) => defaults.get(name) ?? otherwise ?? '');
  return new Set(COMPOSE.flatMap((file) => Object.values((parse(readFileSync(join(DOCKER, file), 'utf8'), { merge: true }) as Compose).services).map(({ image }) => filled(image))));
}

test('what runs in the cluster has the versions that run in containers', async () => {
  const images = new Set(workloadsOf(await rendering('everything')).flatMap(({ containers }) => containers.map(({ image }) => image)));
  expect(images.size).toBeGreaterThan(18);
  const known = composeImages();
  expect([...images].filter((image) => !known.has(image))).toEqual([]);
});
