import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopProcess } from '../../topology/shop.ts';
import { JOURNEYS, type Journey } from '../../journeys/journey.ts';
import type { Stage } from '../stage.ts';
import type { Scene, Trial } from '../trial.ts';

/** Longer than a lease or a session of anybody. */
const LONG_FREEZE_MS = 45_000;
const SHORT_FREEZE_MS = 5_000;
/** Whoever looks after a process starts it again so soon. */
const NOTICED_AFTER_MS = 1_000;
/** The first effect after a kill. */
const EFFECT_WITHIN_MS = 10_000;
/** Until what came meanwhile is done, too. */
const CAUGHT_UP_WITHIN_MS = 30_000;
/** From the last start on. */
const ALL_UP_WITHIN_MS = 60_000;
const BETWEEN_STARTS_MS = 500;

/** F1: each process is killed and comes back. */
export function kills({ shop }: Stage): Trial[] {
  return shop.processes.map((process) => ({
    fault: 'F1',
    name: `kill -9 ${process.name}`,
    inflict: async ({ full }) => {
      const killedAt = performance.now();
      await process.kill('SIGKILL');
      await sleep(NOTICED_AFTER_MS);
      await process.restart();
      // A quick run is judged from when it is ready: it may share its machine with others.
      return { kills: 1, ...(full && { effectFrom: killedAt }), notes: [`ready again after ${Math.round(process.readyAfterMs)} ms`] };
    },
    expects: { works: untouchedBy(process), recoversWithinMs: CAUGHT_UP_WITHIN_MS, toldAgainWithinMs: EFFECT_WITHIN_MS },
  }));
}

/** What goes on without a process: everything no module of it takes part in. A valid token needs no auth. */
export function untouchedBy({ modules }: ShopProcess): Journey[] {
  const needs: Readonly<Record<Journey, readonly string[]>> = {
    menu: ['gateway', 'orders'],
    'log in': ['gateway', 'auth'],
    order: ['gateway', 'orders'],
    look: ['gateway', 'orders'],
    told: ['gateway', 'orders', 'notifications'],
  };
  return JOURNEYS.filter((journey) => !needs[journey].some((module) => modules.some((own) => own === module)));
}

/** F3: each process stands still, shorter and longer than its leases, and goes on as if nothing had been. */
export function freezes({ shop }: Stage): Trial[] {
  return [SHORT_FREEZE_MS, LONG_FREEZE_MS].flatMap((forMs) =>
    shop.processes.map((process) => ({
      fault: 'F3',
      name: `${process.name} frozen ${forMs / 1_000} s`,
      inflict: async ({ hold }) => {
        await process.kill('SIGSTOP');
        await hold(forMs);
        await process.kill('SIGCONT');
        return { kills: 1 };
      },
      expects: { works: untouchedBy(process), recoversWithinMs: CAUGHT_UP_WITHIN_MS, toldAgainWithinMs: EFFECT_WITHIN_MS },
    })),
  );
}

/** F14: each process with a clock an hour off. */
export function wrongClocks(stage: Stage): Trial[] {
  const preload = new URL('../shift-clock-preload.ts', import.meta.url).href;
  return stage.shop.processes.flatMap((process) =>
    [1, -1].map((hours) => ({
      fault: 'F14',
      name: `clock of ${process.name} ${hours > 0 ? '+' : '−'}1 h`,
      inflict: async ({ hold }) => {
        stage.give(process.name, { NODE_OPTIONS: `--import ${preload}`, SHIFT_CLOCK_MS: String(hours * 3_600_000) });
        await process.restart();
        await hold(20_000);
        stage.give(process.name);
        await process.restart();
        return { kills: 2 };
      },
    })),
  );
}

/** F17: everything down, then up in any order. */
export function startOrders({ shop, backends }: Stage): Trial[] {
  return [{ fault: 'F17', name: 'all down, all up in any order', inflict: allDownAllUp, expects: { recoversWithinMs: ALL_UP_WITHIN_MS } }];

  async function allDownAllUp({ random }: Scene): ReturnType<Trial['inflict']> {
    const engines = [backends.database, backends.eventLog, backends.taskQueue, backends.cache].filter((each) => each !== undefined);
    await Promise.all([...shop.processes.map((process) => process.kill('SIGKILL')), ...engines.map((engine) => engine.kill())]);
    const starts = [...shop.processes.map((process) => ({ name: process.name, start: () => process.restart() })), ...engines.map((engine) => ({ name: engine.name, start: () => engine.start() }))];
    const order = starts.map((each) => ({ ...each, at: random.next() })).sort((one, other) => one.at - other.at);
    const ups: Promise<void>[] = [];
    for (const { start } of order) {
      await sleep(BETWEEN_STARTS_MS);
      ups.push(start());
    }
    const mendedAt = performance.now();
    await Promise.all(ups);
    return { kills: shop.processes.length, mendedAt, notes: [`up in this order: ${order.map(({ name }) => name).join(', ')}`] };
  }
}
