// What each layer asks of a cluster, added up from the rendered manifests: node deploy/k8s/plan.ts
import { demandOf, type Demand } from './demand.ts';
import { render, type Combination } from './render.ts';

const DEFAULT = { overlay: 'kind' };

interface Layer {
  name: string;
  combination: Combination;
  /** Only what it has beyond this is shown. */
  beyond?: Combination;
}

const LAYERS: readonly Layer[] = [
  { name: 'monolith alone', combination: { overlay: 'monolith' } },
  { name: 'microservices alone', combination: { overlay: 'microservices' } },
  { name: 'both (kind)', combination: DEFAULT },
  ...['tracing', 'metrics', 'elk', 'kafka-ha'].map((name) => ({ name: `+ ${name}`, combination: { ...DEFAULT, components: [name] }, beyond: DEFAULT })),
  { name: '+ autoscaling', combination: { ...DEFAULT, components: ['autoscaling/monolith', 'autoscaling/microservices'] }, beyond: DEFAULT },
];

const COLUMNS: readonly (readonly [heading: string, text: (demand: Demand) => string])[] = [
  ['pods', ({ pods }) => String(pods)],
  ['jobs', ({ jobs }) => String(jobs)],
  ['CPU requests', ({ cpuRequestMillis }) => `${cpuRequestMillis}m`],
  ['memory requests', ({ memoryRequestMiB }) => `${memoryRequestMiB}Mi`],
  ['memory limits', ({ memoryLimitMiB }) => `${memoryLimitMiB}Mi`],
  ['volumes', ({ volumesMiB }) => `${volumesMiB}Mi`],
];

async function demandOfLayer({ combination, beyond }: Layer): Promise<Demand> {
  const demand = demandOf(await render(combination));
  if (beyond === undefined) return demand;
  const less = demandOf(await render(beyond));
  return Object.fromEntries(Object.entries(demand).map(([key, value]: [string, number]) => [key, value - less[key as keyof Demand]])) as unknown as Demand;
}

async function main(): Promise<void> {
  const rows = [['layer', ...COLUMNS.map(([heading]) => heading)]];
  for (const layer of LAYERS) {
    const demand = await demandOfLayer(layer);
    rows.push([layer.name, ...COLUMNS.map(([, text]) => text(demand))]);
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const [name = '', ...cells] of rows) process.stdout.write(`${[name.padEnd(widths[0] ?? 0), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))].join('  ')}\n`);
  process.stdout.write('\nJobs run once and end: what they ask for is not counted in. A DaemonSet counts as on one node.\n');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`plan: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
