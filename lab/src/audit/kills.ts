import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedKill } from './kill-plan.ts';

/** A process of the shop, as far as killing it goes. */
export interface Killable {
  name: string;
  kill(signal: NodeJS.Signals): void | Promise<void>;
  /** Starts it again where it was; resolves when it is ready. */
  restart(): Promise<void>;
}

/** Kills processes as planned while load goes on. */
export interface Killer {
  /** To be told how many orders have been sent so far. */
  at(ordersSent: number): void;
  /** Resolves with the kills of each process when all due ones are done and everything is up again; rejects if one did not come up. */
  settled(): Promise<ReadonlyMap<string, number>>;
}

export function createKiller(plan: readonly PlannedKill[], processes: readonly Killable[], onKill: (name: string) => void): Killer {
  const waiting = [...plan];
  // Kills of one process come one after another: one that is starting up again is not there to be killed.
  const chains = new Map<string, Promise<void>>();
  const kills = new Map<string, number>(processes.map(({ name }) => [name, 0]));
  const killOnce = async (planned: PlannedKill, target: Killable): Promise<void> => {
    await sleep(planned.delayMs);
    onKill(target.name);
    kills.set(target.name, (kills.get(target.name) ?? 0) + 1);
    await target.kill('SIGKILL');
    await target.restart();
  };
  return {
    at(ordersSent) {
      while (waiting[0] !== undefined && waiting[0].afterOrders <= ordersSent) {
        const planned = waiting.shift();
        const target = processes.find((process) => process.name === planned?.process);
        if (planned === undefined || target === undefined) continue;
        const chain = (chains.get(target.name) ?? Promise.resolve()).then(() => killOnce(planned, target));
        // A failure is kept for `settled`; until then nobody waits for it.
        chain.catch(() => undefined);
        chains.set(target.name, chain);
      }
    },
    async settled() {
      await Promise.all(chains.values());
      return kills;
    },
  };
}
