import type { Manifest } from '../../deploy/k8s/manifest.ts';
import { render, type Combination } from '../../deploy/k8s/render.ts';

const AUTOSCALING = ['autoscaling/monolith', 'autoscaling/microservices'];

/** Every overlay, and the combinations of components that are promised to work. */
const COMBINATIONS = {
  kind: { overlay: 'kind' },
  monolith: { overlay: 'monolith' },
  microservices: { overlay: 'microservices' },
  observability: { overlay: 'observability' },
  production: { overlay: 'production' },
  'kind with tracing': { overlay: 'kind', components: ['tracing'] },
  'kind with metrics': { overlay: 'kind', components: ['metrics'] },
  'kind with elk': { overlay: 'kind', components: ['elk'] },
  'kind with three brokers': { overlay: 'kind', components: ['kafka-ha'] },
  'kind behind a Gateway': { overlay: 'kind', components: ['gateway-api'] },
  'kind that scales': { overlay: 'kind', components: [...AUTOSCALING, 'autoscaling/queue-depth'] },
  'kind with the lab': { overlay: 'kind', beside: ['kind/compare'] },
  'monolith with tracing and metrics': { overlay: 'monolith', components: ['tracing', 'metrics'] },
  'microservices with tracing and elk': { overlay: 'microservices', components: ['tracing', 'elk'] },
  'production behind a Gateway': { overlay: 'production', components: ['../overlays/production/gateway', 'autoscaling/queue-depth'] },
  everything: { overlay: 'observability', components: ['kafka-ha', ...AUTOSCALING, 'autoscaling/queue-depth'] },
} as const satisfies Record<string, Combination>;

export type RenderingName = keyof typeof COMBINATIONS;

export const RENDERINGS = Object.keys(COMBINATIONS) as RenderingName[];

const rendered = new Map<RenderingName, Promise<Manifest[]>>();

/** Its objects; a copy for each caller. */
export async function rendering(name: RenderingName): Promise<Manifest[]> {
  const objects = rendered.get(name) ?? render(COMBINATIONS[name]);
  rendered.set(name, objects);
  return structuredClone(await objects);
}
