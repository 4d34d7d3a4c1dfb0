import type { Stage } from '../stage.ts';
import type { Trial } from '../trial.ts';
import { cacheFaults, databaseFaults, eventLogFaults, taskQueueFaults } from './engines.ts';
import { duplicates } from './duplicates.ts';
import { mix } from './mix.ts';
import { badConnections, partitions } from './network.ts';
import { freezes, kills, startOrders, wrongClocks } from './processes.ts';
import { floods, keys } from './requests.ts';

/** Every row of the fault matrix, with the trials it means for a stage: none where the shop has no such part. */
export const FAULTS: Readonly<Record<string, { meaning: string; trials: (stage: Stage) => Trial[] }>> = {
  F1: { meaning: 'kill -9 of each process', trials: kills },
  F3: { meaning: 'each process frozen for a while', trials: freezes },
  F4: { meaning: 'the database stopped, killed, frozen', trials: databaseFaults },
  F5: { meaning: 'the event log stopped, killed, frozen', trials: eventLogFaults },
  F6: { meaning: 'the task queue stopped, killed, frozen, cut off, blocked', trials: taskQueueFaults },
  F7: { meaning: 'the cache stopped, killed, frozen, flushed', trials: cacheFaults },
  F8: { meaning: 'nothing passes between two parts', trials: partitions },
  F9: { meaning: 'slow, sliced, reset and half-open connections', trials: badConnections },
  F11: { meaning: 'what was delivered is delivered again', trials: duplicates },
  F14: { meaning: 'the clock of each process an hour off', trials: wrongClocks },
  F15: { meaning: 'ten times the orders, slow clients, a flood of connections', trials: floods },
  F16: { meaning: 'one key many times, after a lost answer, after a restart', trials: keys },
  F17: { meaning: 'all down, all up in any order', trials: startOrders },
  F18: { meaning: 'one fault after another at random', trials: mix },
};
