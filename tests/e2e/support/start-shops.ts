import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../../lab/src/backends/postgres.ts';
import { parseTopology, topologySlug, type Topology } from '../../../lab/src/topology/parse-topology.ts';
import { databasesOf } from '../../../lab/src/topology/process-settings.ts';
import type { Shop } from '../../../lab/src/topology/shop.ts';
import { startShop } from '../../../lab/src/topology/start-shop.ts';
import { createSeenAnswers } from './declared-answers.ts';
import { levelRunOf } from './level-run.ts';
import { propertySettings } from './property-settings.ts';
import { startControl } from './shop-control.ts';
import { EMBEDDED_TOPOLOGIES, SHOP_SETTINGS } from './topologies.ts';

/** Tests wait for spans. */
const SOON_SEEN = { OTEL_BSP_SCHEDULE_DELAY: '100' };

let stop: (() => Promise<void>) | undefined;

/** Each topology is started once for a run, when a test first asks for it; all share one PostgreSQL server. Test files reach them by a control origin. */
export async function setup(project: TestProject): Promise<void> {
  const topologies = EMBEDDED_TOPOLOGIES.map(parseTopology);
  const server = await startPostgres({ databases: topologies.flatMap((topology) => databasesOf(topology, prefixOf(topology))) });
  const shops = new Map<string, Promise<Shop>>();
  const shopOf = (name: string): Promise<Shop> => {
    const running = shops.get(name);
    if (running !== undefined) return running;
    const topology = parseTopology(name);
    const starting = startShop({ topology, env: { ...SHOP_SETTINGS, ...SOON_SEEN }, postgres: { server, prefix: prefixOf(topology) } });
    shops.set(name, starting);
    return starting;
  };
  const seen = createSeenAnswers(EMBEDDED_TOPOLOGIES);
  const control = await startControl(shopOf, seen);
  project.provide('e2eControl', control.origin);
  project.provide('e2eProperty', propertySettings());
  stop = async () => {
    await control.close();
    const ends = await Promise.allSettled([...shops.values()].map(async (starting) => (await starting).stop()));
    await server.stop();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    process.stdout.write(`${seen.check(await levelRunOf(project))}\n`);
  };
}

export async function teardown(): Promise<void> {
  await stop?.();
}

function prefixOf(topology: Topology): string {
  return `${topologySlug(topology)}_`;
}
