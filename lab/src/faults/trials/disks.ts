import type { Backend } from '../backends.ts';
import type { Stage } from '../stage.ts';
import type { Expectations, Trial } from '../trial.ts';

const FULL_MS = 30_000;
/** RabbitMQ is meant to stop its publishers before it cannot write; less than its limit, and more than it needs to go on. */
const RABBITMQ_LEAVES_BYTES = 30_000_000;
const HEALS_WITHIN_MS = 30_000;

/** F10: the disk of an engine is full. */
export function fullDisks({ backends, shop }: Stage): Trial[] {
  const unavailable = ['unavailable', 'overloaded'];
  const goesOn: Expectations = { works: ['menu', 'log in', 'order', 'look'], recoversWithinMs: HEALS_WITHIN_MS };
  const trial = (backend: Backend | undefined, leaveBytes: number, expects: Expectations): Trial[] =>
    backend?.fillDisk === undefined
      ? []
      : [
          {
            fault: 'F10',
            name: `disk of ${backend.name} full`,
            inflict: async ({ hold }) => {
              await backend.fillDisk?.(leaveBytes);
              await hold(FULL_MS);
              await backend.clearDisk?.();
              // It may have ended for want of room.
              await backend.start();
              return { kills: shop.processes.length };
            },
            expects,
          },
        ];
  return [
    ...trial(backends.database, 0, { only: { order: unavailable, look: unavailable, menu: unavailable, 'log in': unavailable }, recoversWithinMs: HEALS_WITHIN_MS }),
    ...trial(backends.eventLog, 0, goesOn),
    ...trial(backends.taskQueue, RABBITMQ_LEAVES_BYTES, goesOn),
  ];
}
