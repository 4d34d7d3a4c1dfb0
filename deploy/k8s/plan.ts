// What each layer asks of a cluster, added up from the rendered manifests: node_modules/.bin/node deploy/k8s/plan.ts
import { demandOf, type Demand } from './demand.ts';
import LAYERS from './layers.json' with { type: 'json' };
import { print } from './print.ts';
import { render, type Combination } from './render.ts';

const DEFAULT = { overlay: 'kind' };

interface Row {
  name: string;
  combination: Combination;
  /** Only what it has beyond this is shown. */
  beyond?: Combination;
}

const ROWS: readonly Row[] = [
  { name: 'monolith alone', combination: { overlay: 'monolith' } },
  { name: 'microservices alone', combination: { overlay: 'microservices' } },
  { name: 'both (kind)', combination: DEFAULT },
  ...Object.entries(LAYERS).map(([name, components]) => ({ name: `+ ${name}`, combination: { ...DEFAULT, components }, beyond: DEFAULT })),
];

const COLUMNS: readonly (readonly [heading: string, text: (demand: Demand) => string])[] = [
  ['pods', ({ pods }) => String(pods)],
  ['jobs', ({ jobs }) => String(jobs)],
  ['CPU requests', ({ cpuRequestMillis }) => `${cpuRequestMillis}m`],
  ['memory requests', ({ memoryRequestMiB }) => `${memoryRequestMiB}Mi`],
  ['memory limits', ({ memoryLimitMiB }) => `${memoryLimitMiB}Mi`],
  ['of jobs', ({ jobMemoryLimitMiB }) => `${jobMemoryLimitMiB}Mi`],
  ['volumes', ({ volumesMiB }) => `${volumesMiB}Mi`],
];

async function demandOfRow({ combination, beyond }: Row): Promise<Demand> {
  const demand = demandOf(await render(combination));
  if (beyond === undefined) return demand;
  const less = demandOf(await render(beyond));
  return Object.fromEntries(Object.entries(demand).map(([key, value]: [string, number]) => [key, value - less[key as keyof Demand]])) as unknown as Demand;
}

async function main(): Promise<void> {
  const rows = [['layer', ...COLUMNS.map(([heading]) => heading)]];
  for (const row of ROWS) {
    const demand = await demandOfRow(row);
    rows.push([row.name, ...COLUMNS.map(([, text]) => text(demand))]);
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map(([name = '', ...cells]) => [name.padEnd(widths[0] ?? 0), ...cells.map((cell, index) => cell.padStart(widths[index + 1] ?? 0))].join('  '));
  await print(`${lines.join('\n')}\n\nJobs run once and end: until then their limits come on top; nothing else that they ask for is counted in. A DaemonSet counts as on one node.\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`plan: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
