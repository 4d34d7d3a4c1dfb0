import type { ModuleName } from '@doubleshot/contracts';
import type { EventLoopBlocker } from '../../faults/event-loop-blocker.ts';
import { createUndo, type Undo } from '../../topology/undo.ts';
import type { IsolationSettings } from '../comparison-settings.ts';
import { orderOfPass } from '../method/measure-passes.ts';
import { measureWindow, type Brew, type Stand, type WindowMeasurement } from '../method/measure-window.ts';
import { plantBlockers } from '../method/plant-blockers.ts';
import type { OpenBrew } from '../open-brews.ts';
import type { Isolation } from '../section-schemas.ts';
import { isolationOf, type WindowPair } from './isolation-of.ts';

type DisturbedBrew = Brew & Pick<OpenBrew, 'embedded'>;

export interface IsolationOptions {
  stand: Stand;
  /** On embedded parts. */
  brews: readonly DisturbedBrew[];
  settings: IsolationSettings;
  /** A turn that measures nothing, after a start. */
  warmUp: () => Promise<void>;
  onStep: (title: string, share: number) => void;
  /** Called with all there is after each pass. */
  onMeasured: (isolation: Isolation) => void;
}

/** Has no part in what is observed. */
const DISTURBED: ModuleName = 'notifications';
const BUSY_MS = 100;
const EVERY_MS = 200;

/** Measures cached reads alone, and while the process that holds another module computes half of the time, side by side in every pass. */
export async function measureIsolation({ stand, brews, settings, warmUp, onStep, onMeasured }: IsolationOptions): Promise<void> {
  const { passes, ratePerSecond } = settings;
  const undo = createUndo();
  try {
    const blockers = await Promise.all(brews.map((brew) => plant(brew, undo)));
    await warmUp();
    const pairs: WindowPair[][] = brews.map(() => []);
    for (let pass = 1; pass <= passes; pass += 1) {
      for (const index of orderOfPass(brews.length, pass, stand.seed)) {
        const [brew, blocker] = [brews[index], blockers[index]];
        if (brew === undefined || blocker === undefined) throw new TypeError('a pass names a brew that is not there');
        onStep(`cached reads of ${brew.shop.name}, ${DISTURBED} busy beside it, pass ${pass} of ${passes}`, (pass - 1) / passes);
        pairs[index]?.push(await measurePair({ stand, brew, settings, blocker, aloneFirst: pass % 2 === 1 }));
      }
      onMeasured({ rows: isolationOf(brews.map(({ shop }, index) => ({ topology: shop.name, pairs: pairs[index] ?? [] })), { module: DISTURBED, disturbance: `event loop busy ${BUSY_MS} ms of every ${EVERY_MS} ms`, ratePerSecond }) });
    }
  } finally {
    await undo.run();
  }
}

async function plant(brew: DisturbedBrew, undo: Undo): Promise<EventLoopBlocker | undefined> {
  const blockers = await plantBlockers(brew, brew.shop.processes.filter(({ modules }) => modules.includes(DISTURBED)), undo);
  return [...blockers.values()][0];
}

interface PairOptions {
  stand: Stand;
  brew: Brew;
  settings: IsolationSettings;
  blocker: EventLoopBlocker;
  aloneFirst: boolean;
}

async function measurePair({ stand, brew, settings, blocker, aloneFirst }: PairOptions): Promise<WindowPair> {
  const window = (): Promise<WindowMeasurement> => measureWindow(stand, brew, { path: 'read', pace: { rate: settings.ratePerSecond }, seconds: settings.seconds, pass: 0 });
  const disturbed = async (): Promise<WindowMeasurement> => {
    await blocker.block({ busyMs: BUSY_MS, everyMs: EVERY_MS });
    try {
      return await window();
    } finally {
      await blocker.release();
    }
  };
  if (aloneFirst) return { alone: await window(), beside: await disturbed() };
  const beside = await disturbed();
  return { alone: await window(), beside };
}
