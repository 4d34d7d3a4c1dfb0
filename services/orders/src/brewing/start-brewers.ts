import { BrewTask, brewingQueue, STATIONS, type Station } from '@doubleshot/contracts';
import { consumeTasks, type Subscription, type TaskQueue } from '@doubleshot/shared/messaging';
import { openAll, type ModuleDeps } from '@doubleshot/shared/runtime';
import { brew, type BrewDeps } from './brew.ts';

export interface BrewersOptions extends BrewDeps {
  taskQueue: TaskQueue;
  /** Orders at once at each station. */
  concurrency: number;
  logger: ModuleDeps<unknown>['logger'];
  metrics: ModuleDeps<unknown>['metrics'];
}

/**
 * Puts a brewer at each station; when that fails at one of them, nobody stays. Closing lets nothing brew on: what is in the pot is given back to its queue.
 * Once `signal` aborts, no further brewer comes.
 */
export async function startBrewers(options: BrewersOptions, signal: AbortSignal): Promise<Subscription> {
  const stopping = new AbortController();
  const brewers = await openAll(STATIONS.map((station) => () => startBrewer(options, station, stopping.signal)), signal);
  return {
    close: async () => {
      // First no new work, then an end to the work there is: a task given back must not come to us again.
      const closed = brewers.close();
      stopping.abort();
      await closed;
    },
  };
}

function startBrewer(options: BrewersOptions, station: Station, stopping: AbortSignal): Promise<Subscription> {
  const { taskQueue, concurrency, logger, metrics } = options;
  return consumeTasks({
    taskQueue,
    queue: brewingQueue(station),
    type: BrewTask,
    prefetch: concurrency,
    handler: ({ data }, { signal }) => brew(options, { orderId: data.orderId, station: data.station, signal: AbortSignal.any([signal, stopping]) }),
    logger,
    metrics,
  });
}
