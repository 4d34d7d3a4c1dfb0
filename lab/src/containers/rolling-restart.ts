import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopProcess } from '../topology/shop.ts';

/** Longer than Nginx leaves out a replica that it could not reach (fail_timeout in deploy/docker): the next one goes when the last is back in traffic. */
const SETTLES_MS = 3_000;

export interface RollingRestartOptions {
  /** How often each container is restarted. */
  rounds: number;
  /** `log` of the process names its container. */
  onRestart?: (process: ShopProcess) => void;
}

/**
 * Restarts processes one after the other, replica after replica: SIGTERM, the grace period that compose gives, a start, until it is ready. With two
 * replicas of each no request fails meanwhile.
 */
export async function rollingRestart(processes: readonly ShopProcess[], { rounds, onRestart }: RollingRestartOptions): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    for (const process of processes) {
      onRestart?.(process);
      await process.restart();
      await sleep(SETTLES_MS);
    }
  }
}
