import type { ModuleName } from '@doubleshot/contracts';
import { cpus } from 'node:os';
import { openLink } from '../../faults/link.ts';
import { createUndo, type Undo } from '../../topology/undo.ts';
import type { ScalingSettings } from '../comparison-settings.ts';
import { orderOfPass } from '../method/measure-passes.ts';
import type { MeasuredProcess } from '../method/measured-shop.ts';
import { measureWindow, type Brew, type Stand, type WindowMeasurement } from '../method/measure-window.ts';
import type { EmbeddedParts, OpenBrew } from '../open-brews.ts';
import type { Scaling } from '../section-schemas.ts';
import { scalingOf, type ScaledWindows } from './scaling-of.ts';

type ScaledBrew = Brew & Pick<OpenBrew, 'groups'> & { embedded: EmbeddedParts };

export interface ScalingOptions {
  stand: Stand;
  brews: readonly ScaledBrew[];
  settings: ScalingSettings;
  onStep: (title: string, share: number) => void;
  /** Called with all there is after each pass. */
  onMeasured: (scaling: Scaling) => void;
}

/** The one that a database read is the work of. */
const HOT: ModuleName = 'orders';

/** A brew with replicas of the process that holds the hot module, behind a link that spreads connections over as many of them as wanted. */
interface Replicated {
  groups: ScaledBrew['groups'];
  brew: Brew;
  process: string;
  twins: readonly string[];
  spreadOver(count: number): void;
  /** As it was before. */
  restore(): Promise<void>;
}

/** Drives each brew to its limit with one, two and more replicas of the process that holds the hot module. All replicas run all the time; those that get nothing to do are not counted. */
export async function measureScaling({ stand, brews, settings, onStep, onMeasured }: ScalingOptions): Promise<void> {
  const { replicas, passes, concurrency } = settings;
  const undo = createUndo();
  try {
    const replicated: Replicated[] = [];
    for (const brew of brews) replicated.push(await replicate(brew, replicas, undo));
    const drive = driverOf({ ...stand, shops: replicated.map(({ brew }) => brew.shop) }, settings);
    // Replicas are cold: their first turn measures nothing.
    for (const each of replicated) await drive(each, replicas);
    const scaled = replicated.map(({ groups, brew, process, twins }) => Array.from({ length: replicas }, (_, index): ScaledWindows & { windows: WindowMeasurement[] } => ({ topology: brew.shop.name, groups, process, count: index + 1, idle: new Set(twins.slice(index)), windows: [] })));
    for (let pass = 1; pass <= passes; pass += 1) {
      for (const index of orderOfPass(brews.length, pass, stand.seed)) {
        const [each, situations] = [replicated[index], scaled[index]];
        if (each === undefined || situations === undefined) throw new TypeError('a pass names a brew that is not there');
        for (const { count, windows } of pass % 2 === 1 ? situations : situations.toReversed()) {
          onStep(`database reads of ${each.brew.shop.name}, ${count} × ${each.process}, pass ${pass} of ${passes}`, (pass - 1) / passes);
          windows.push(await drive(each, count));
        }
      }
      onMeasured({ concurrency, rows: scalingOf(scaled.flat(), { cores: cpus().length, limit: stand.limits.generatorCores }) });
    }
    for (const { restore } of replicated) await restore();
  } finally {
    await undo.run();
  }
}

/** A generator at its limit does not void a window: then no rate is told, and CPU time holds. */
function driverOf(stand: Stand, { concurrency, seconds }: ScalingSettings): (replicated: Replicated, count: number) => Promise<WindowMeasurement> {
  const lenient = { ...stand, limits: { ...stand.limits, generatorCores: Infinity } };
  return ({ brew, spreadOver }, count) => {
    spreadOver(count);
    return measureWindow(lenient, brew, { path: 'databaseRead', pace: { concurrency }, seconds, pass: 0 });
  };
}

async function replicate(brew: ScaledBrew, replicas: number, undo: Undo): Promise<Replicated> {
  const { shop, embedded } = brew;
  const holderOf = (module: ModuleName): MeasuredProcess => {
    const found = shop.processes.find(({ modules }) => modules.includes(module));
    if (found === undefined) throw new TypeError(`no process of ${shop.name} holds ${module}`);
    return found;
  };
  const [hot, gateway] = [holderOf(HOT), holderOf('gateway')];
  const twins = await Promise.all(Array.from({ length: replicas - 1 }, async (_, index) => {
    const twin = await embedded.startTwin(hot.name);
    undo.add(twin.stop);
    return { name: `${hot.name} ${index + 2}`, twin };
  }));
  const ports = [embedded.portOf(hot.name), ...twins.map(({ twin }) => twin.port)];
  let [count, turn] = [1, 0];
  const link = await openLink(`to ${hot.name}`, () => ({ host: '127.0.0.1', port: ports[(turn += 1) % count] ?? 0 }));
  undo.add(link.close);
  const origin = `http://127.0.0.1:${link.port}`;
  const inFront = hot === gateway;
  if (!inFront) {
    embedded.give(gateway.name, { ORDERS_URL: origin });
    await gateway.restart();
  }
  const processes = [...shop.processes, ...twins.map(({ name, twin }) => measured(name, twin.process))];
  return {
    groups: brew.groups,
    brew: { prepared: brew.prepared, shop: { ...shop, baseUrl: inFront ? origin : shop.baseUrl, processes } },
    process: hot.name,
    twins: twins.map(({ name }) => name),
    spreadOver: (wanted) => {
      count = wanted;
      // Connections that are kept alive lead where they were opened to.
      link.set('reset');
      link.set('open');
    },
    restore: async () => {
      if (inFront) return;
      embedded.give(gateway.name, {});
      await gateway.restart();
    },
  };
}

/** Under another name than the process whose twin it is. */
function measured(name: string, { modules, pid, readyAfterMs, restart, kill }: MeasuredProcess): MeasuredProcess {
  return { name, modules, pid, readyAfterMs, restart, kill };
}
