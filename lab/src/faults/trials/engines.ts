import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from '../backends.ts';
import type { Stage } from '../stage.ts';
import type { Expectations, Infliction, Scene, Trial } from '../trial.ts';

const DOWN_MS = 60_000;

/** Breaks a backend one way, waits, and mends it. */
type Break = (backend: Backend, scene: Scene) => Promise<void>;

const stopped: Break = async (backend, { hold }) => {
  await backend.stop?.();
  await hold(DOWN_MS);
  await backend.start();
};
const killed: Break = async (backend, { hold }) => {
  await backend.kill();
  await hold(DOWN_MS);
  await backend.start();
};
const frozen: Break = async (backend, { hold }) => {
  await backend.freeze();
  await hold(DOWN_MS);
  await backend.thaw();
};

interface EngineFault {
  fault: string;
  backend: Backend | undefined;
  ways: Readonly<Record<string, Break>>;
  expects: Expectations;
  /** What a connection that was cut may have kept from being acknowledged. */
  kills: number;
}

function trialsOf({ fault, backend, ways, expects, kills }: EngineFault): Trial[] {
  if (backend === undefined) return [];
  return Object.entries(ways).map(([way, inflict]) => ({
    fault,
    name: `${backend.name} ${way}`,
    inflict: async (scene): Promise<Infliction> => {
      await inflict(backend, scene);
      return { kills };
    },
    expects,
  }));
}

/** F4: without its database a shop says so at once, and never accepts what it cannot keep. */
export function databaseFaults({ backends, shop }: Stage): Trial[] {
  const { database } = backends;
  const unavailable = ['unavailable', 'overloaded'];
  return trialsOf({
    fault: 'F4',
    backend: database,
    ways: { ...(database.stop !== undefined && { stopped }), killed, frozen },
    // A process says so within a second, whatever its request waits for; the client's machine is busy breaking and mending meanwhile, and up to half a second late.
    expects: { suffers: ['order'], only: { order: unavailable, look: unavailable, menu: unavailable, 'log in': unavailable }, errorsWithinMs: 1_500, recoversWithinMs: 5_000 },
    kills: shop.processes.length,
  });
}

const ORDERS_GO_ON: Expectations = { works: ['menu', 'log in', 'order', 'look'], recoversWithinMs: 30_000, orderP99Times: 2, drainsTimes: 2 };
const WITHOUT_BROKER: Expectations = { ...ORDERS_GO_ON, suffers: ['told'] };

/** F5: without the event log orders are accepted, and announced later. */
export function eventLogFaults({ backends, shop }: Stage): Trial[] {
  return trialsOf({
    fault: 'F5',
    backend: backends.eventLog,
    ways: { stopped, killed, frozen },
    expects: WITHOUT_BROKER,
    kills: shop.processes.length,
  });
}

/** F6: without the task queue orders are accepted, and brewed later. */
export function taskQueueFaults({ backends, shop }: Stage): Trial[] {
  const queue = { fault: 'F6', backend: backends.taskQueue, kills: shop.processes.length };
  return [
    ...trialsOf({ ...queue, ways: { stopped, killed, frozen, 'blocked by an alarm': alarmed }, expects: WITHOUT_BROKER }),
    ...trialsOf({ ...queue, ways: { 'cut off from all its clients': disconnected }, expects: ORDERS_GO_ON }),
  ];
}

const disconnected: Break = async (backend, { hold }) => {
  for (let round = 0; round < 3; round += 1) {
    await backend.exec?.('rabbitmqctl', 'close_all_connections', 'a fault');
    await hold(3_000);
  }
};

const alarmed: Break = async (backend, { hold }) => {
  await backend.exec?.('rabbitmqctl', 'set_vm_memory_high_watermark', 'absolute', '1MB');
  await hold(DOWN_MS);
  await backend.exec?.('rabbitmqctl', 'set_vm_memory_high_watermark', '0.6');
};

/** F7: without its cache a shop answers the same, a little later. */
export function cacheFaults({ backends }: Stage): Trial[] {
  const flushed: Break = async (backend, { hold }) => {
    for (let round = 0; round < 5; round += 1) {
      await backend.flush?.();
      await sleep(500);
    }
    await hold(1_000);
  };
  return trialsOf({ fault: 'F7', backend: backends.cache, ways: { stopped, killed, frozen, flushed }, expects: { works: ['menu', 'log in', 'order', 'look', 'told'], addedP99Ms: 250, recoversWithinMs: 5_000 }, kills: 0 });
}
