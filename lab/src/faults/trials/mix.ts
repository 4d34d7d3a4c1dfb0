import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../stage.ts';
import type { Trial } from '../trial.ts';
import { cacheFaults, databaseFaults, eventLogFaults, taskQueueFaults } from './engines.ts';
import { badConnections } from './network.ts';
import { freezes, kills } from './processes.ts';

const LASTS_MS = 300_000;
const QUICK_MS = 30_000;
const LONGEST_QUIET_MS = 5_000;
const LEAST_FAULT_MS = 500;
const FAULT_SPREAD_MS = 7_000;
const HEALS_WITHIN_MS = 60_000;

/** F18: one fault after another, chosen by the seed, with quiet spells between: as long as the matrix says, or until so many orders were accepted as is asked. */
export function mix(stage: Stage): Trial[] {
  return [{ fault: 'F18', name: 'one after another, at random', inflict: oneAfterAnother, expects: { recoversWithinMs: HEALS_WITHIN_MS } }];

  async function oneAfterAnother(scene: Parameters<Trial['inflict']>[0]): ReturnType<Trial['inflict']> {
    const { random } = scene;
    const pool = [kills, freezes, databaseFaults, eventLogFaults, taskQueueFaults, cacheFaults, badConnections].flatMap((trials) => trials(stage));
    const until = performance.now() + (scene.full ? LASTS_MS : QUICK_MS);
    const done: string[] = [];
    let ends = 0;
    while (performance.now() < until || scene.accepted() < scene.orders) {
      const trial = pool[random.below(pool.length)];
      if (trial === undefined) break;
      done.push(trial.name);
      scene.onProgress(`${trial.name}; ${scene.accepted()} orders accepted`);
      const lasts = LEAST_FAULT_MS + random.below(FAULT_SPREAD_MS);
      ends += (await trial.inflict({ ...scene, hold: (fullMs) => sleep(Math.min(fullMs, lasts)) })).kills;
      await sleep(random.below(LONGEST_QUIET_MS));
    }
    return { kills: ends, notes: [done.join(', ')] };
  }
}
