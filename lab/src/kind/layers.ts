import { UsageError } from '../errors.ts';

/** What may be laid on top of both brews, as folders of deploy/k8s/components. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  tracing: ['tracing'],
  metrics: ['metrics'],
  elk: ['elk'],
  'kafka-ha': ['kafka-ha'],
  autoscaling: ['autoscaling/monolith', 'autoscaling/microservices'],
};

/** Reads `+metrics +tracing` as names of layers, each once. Throws a {@link UsageError} for one there is none of. */
export function parseLayers(text: string): string[] {
  const names = text.split(/[\s,]+/).filter((word) => word !== '').map((word) => word.replace(/^\+/, ''));
  const unknown = names.find((name) => !(name in LAYERS));
  if (unknown !== undefined) throw new UsageError(`there is no layer "${unknown}"; there are ${Object.keys(LAYERS).map((name) => `+${name}`).join(' ')}`);
  return [...new Set(names)];
}

/** Folders of components that make up the layers. */
export function componentsOf(layers: readonly string[]): string[] {
  return layers.flatMap((layer) => LAYERS[layer] ?? []);
}
