import type { Stage } from '../stage.ts';
import type { Trial } from '../trial.ts';
import { cacheFaults, databaseFaults, eventLogFaults, taskQueueFaults } from './engines.ts';
import { duplicates } from './duplicates.ts';
import { mix } from './mix.ts';
import { badConnections, partitions } from './network.ts';
import { freezes, kills, startOrders, wrongClocks } from './processes.ts';
import { floods, keys } from './requests.ts';

/** Every row of the fault matrix, with the trials it means for a stage: none where the shop has no such part. */
export const FAULTS: Readonly<Record<string, (stage: Stage) => Trial[]>> = {
  F1: kills,
  F3: freezes,
  F4: databaseFaults,
  F5: eventLogFaults,
  F6: taskQueueFaults,
  F7: cacheFaults,
  F8: partitions,
  F9: badConnections,
  F11: duplicates,
  F14: wrongClocks,
  F15: floods,
  F16: keys,
  F17: startOrders,
  F18: mix,
};
