import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { ROOT } from '../paths.ts';

const Layers = z.record(z.string(), z.array(z.string()));

/** What may be laid on top of both brews, as folders of deploy/k8s/components. */
function readLayers(): z.infer<typeof Layers> {
  return Layers.parse(JSON.parse(readFileSync(join(ROOT, 'deploy/k8s/layers.json'), 'utf8')));
}

/** Reads `+metrics +tracing` as names of layers, each once. Throws a {@link UsageError} for one there is none of. */
export function parseLayers(text: string): string[] {
  const layers = readLayers();
  const names = text.split(/[\s,]+/).filter((word) => word !== '').map((word) => word.replace(/^\+/, ''));
  const unknown = names.find((name) => !(name in layers));
  if (unknown !== undefined) throw new UsageError(`there is no layer "${unknown}"; there are ${Object.keys(layers).map((name) => `+${name}`).join(' ')}`);
  return [...new Set(names)];
}

/** Folders of components that make up the layers. */
export function componentsOf(layers: readonly string[]): string[] {
  const components = readLayers();
  return layers.flatMap((layer) => components[layer] ?? []);
}
