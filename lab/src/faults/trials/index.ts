import type { Stage } from '../stage.ts';
import type { Trial } from '../trial.ts';
import { cacheFaults, databaseFaults, eventLogFaults, taskQueueFaults } from './engines.ts';
import { fullDisks } from './disks.ts';
import { duplicates } from './duplicates.ts';
import { mix } from './mix.ts';
import { badConnections, partitions } from './network.ts';
import { poison } from './poison.ts';
import { freezes, kills, startOrders, wrongClocks } from './processes.ts';
import { floods, keys } from './requests.ts';
import { stepKills } from './steps.ts';

/** Rows of the fault matrix, with the trials they mean for a stage: none where the shop has no such part. */
export const FAULTS_ON_STAGE: Readonly<Record<string, (stage: Stage) => Trial[]>> = {
  F1: kills,
  F2: stepKills,
  F3: freezes,
  F4: databaseFaults,
  F5: eventLogFaults,
  F6: taskQueueFaults,
  F7: cacheFaults,
  F8: partitions,
  F9: badConnections,
  F10: fullDisks,
  F11: duplicates,
  F12: poison,
  F14: wrongClocks,
  F15: floods,
  F16: keys,
  F17: startOrders,
  F18: mix,
};

/** On engines with small disks. */
export const DISK_FAULT = 'F10';
/** In containers behind Nginx, two of each. */
export const ROLLING_RESTARTS = 'F13';

/** Every row, in order. */
export const FAULTS: readonly string[] = Array.from({ length: 18 }, (_, index) => `F${index + 1}`);
