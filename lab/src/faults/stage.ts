import { join } from 'node:path';
import { AUDIT_VARIABLES } from '../audit/audit-defaults.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { databasesOf, MESSAGING_DATABASE } from '../topology/process-settings.ts';
import type { Shop } from '../topology/shop.ts';
import { startShop, type Variables } from '../topology/start-shop.ts';
import { startTwin } from '../topology/start-twin.ts';
import { createUndo, type Undo } from '../topology/undo.ts';
import { openContainerBackends, openEmbeddedBackends, type Backends } from './backends.ts';
import type { Link } from './link.ts';
import { openWiring } from './wiring.ts';

/** A running shop every part of which can be broken. */
export interface Stage {
  readonly shop: Shop;
  readonly backends: Backends;
  /** Of the shop. */
  readonly databases: readonly string[];
  /** Starts another process of the same modules on the same backends, on ports of its own; resolves when it is ready. */
  startTwin(process: string): Promise<{ stop(): Promise<void> }>;
  /** Over which something passed. */
  links(): readonly Link[];
  /** More variables for a process, from its next start on; none takes them back. */
  give(process: string, variables?: Variables): void;
  /** Ends all of it. Idempotent. */
  stop(): Promise<void>;
}

export interface StageOptions {
  topology: string;
  backends: 'embedded' | 'containers';
  /** In containers: engines on disks that can be filled. */
  smallDisks?: boolean;
  onProgress: (message: string) => void;
}

/** Processes as children of the lab, every connection of theirs over a link, on PostgreSQL from npm or on engines in containers. */
export async function openStage({ topology: name, backends: kind, smallDisks = false, onProgress }: StageOptions): Promise<Stage> {
  const topology = parseTopology(name);
  const undo = createUndo();
  try {
    const wiring = await openWiring(undo);
    onProgress(`${name}: starting ${kind === 'containers' ? 'engines' : 'PostgreSQL'}`);
    const backends =
      kind === 'containers'
        ? await openContainerBackends({ brokers: topology.processes.length > 1, kafkaPort: wiring.kafkaPort, smallDisks }, undo)
        : await openEmbeddedBackends(databasesOf(topology), undo);
    const given = new Map<string, Variables>();
    /** What each process runs with. */
    const running = new Map<string, Variables>();
    const shop = await startShop({
      topology,
      postgres: { server: backends.server, prefix: '' },
      keepLogs: true,
      env: (group, variables) => {
        const own = { ...AUDIT_VARIABLES, ...backends.variables, ...given.get(group.name) };
        const wired = { ...own, ...wiring.rewire(group, { ...variables, ...own }) };
        running.set(group.name, { ...variables, ...wired });
        return wired;
      },
      onProgress,
    });
    undo.add(() => shop.stop());
    return {
      shop,
      backends,
      databases: databasesOf(topology).filter((database) => kind === 'embedded' || database !== MESSAGING_DATABASE),
      startTwin: (name) => startTwinOf({ shop, variables: running.get(name) ?? {}, name, undo }),
      links: wiring.links,
      give: (process, variables = {}) => void given.set(process, variables),
      stop: () => undo.run(),
    };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

interface Twin {
  shop: Shop;
  name: string;
  variables: Variables;
  undo: Undo;
}

async function startTwinOf({ shop, name, variables, undo }: Twin): Promise<{ stop(): Promise<void> }> {
  const group = shop.topology.processes.find((each) => each.name === name);
  if (group === undefined) throw new TypeError(`no process is called "${name}"`);
  const twin = await startTwin({ group, variables, logFile: join(shop.logFolder, `${name}-twin.log`) });
  undo.add(() => twin.stop());
  return twin;
}
