import { z } from 'zod';
import { Figure, Ratio } from './statistics.ts';

/** What the order path costs in one arrangement. */
const OrderCost = z.object({
  cpuMicros: Figure,
  cpuMicrosWithBackends: Figure,
  p50Ms: Figure,
  notifiedP50Ms: Figure,
  loadRssBytes: Figure,
});
export type OrderCost = z.infer<typeof OrderCost>;

const Price = z.object({ metric: z.string(), ratio: Ratio, sentence: z.string() });
export type Price = z.infer<typeof Price>;

/** The price of splitting, and the price of messages that leave the process, told apart. */
export const Taxes = z.object({
  cells: z.array(
    z.object({
      topology: z.string(),
      messaging: z.enum(['in-process', 'postgres', 'brokers']),
      /** Null where there is no such thing: several processes have no log and queue in process. */
      order: OrderCost.nullable(),
    }),
  ),
  /** The same process, with its log and queue in itself and outside. */
  brokers: z.array(Price),
  /** The same several processes, with their log and queue in PostgreSQL and in Kafka and RabbitMQ; in containers alone. */
  insteadOfPostgres: z.array(Price).optional(),
  /** The same log and queue, with one process and with several. */
  splitting: z.array(Price),
});
export type Taxes = z.infer<typeof Taxes>;

/** From one process to one for each module, cut by cut. */
export const Dial = z.object({
  steps: z.array(z.object({ topology: z.string(), processes: z.int(), order: OrderCost })),
  cuts: z.array(z.object({ from: z.string(), to: z.string(), prices: z.array(Price) })),
});
export type Dial = z.infer<typeof Dial>;

/** What still works while something is broken. */
export const BlastRadius = z.object({
  /** How long each part was broken. */
  brokenSeconds: z.number(),
  rows: z.array(
    z.object({
      topology: z.string(),
      /** A module, or a backend. Modules of one process break together, in one trial. */
      part: z.string(),
      fault: z.string(),
      /** By the name of the journey. */
      journeys: z.record(z.string(), z.enum(['works', 'degrades', 'fails'])),
      /** From the moment its mending began, its start among it, to the last wrong answer; null where it did not recover in time. */
      recoveryMs: z.number().nullable(),
    }),
  ),
});
export type BlastRadius = z.infer<typeof BlastRadius>;

/** What more of one process gives. */
export const Scaling = z.object({
  /** Requests at work at once. */
  concurrency: z.int(),
  rows: z.array(
    z.object({
      topology: z.string(),
      /** How many of each process. */
      replicas: z.record(z.string(), z.int()),
      path: z.string(),
      /** For the processes at work, the load generator, the link that spreads connections, and the database. */
      coresNeeded: z.int(),
      /** Null where the machine has fewer cores, or the load generator or the link was at its limit. */
      ratePerSecond: Figure.nullable(),
      /** Requests a second more for each core that the processes use more than with one of each in the same pass; null for one of each, and where no rate is told. */
      perAddedCore: Figure.nullable(),
      cpuMicros: Figure,
      rssBytes: Figure,
    }),
  ),
});
export type Scaling = z.infer<typeof Scaling>;

/** What a change in one module sets going. */
export const Changes = z.object({
  rows: z.array(
    z.object({
      topology: z.string(),
      module: z.string(),
      /** Of the program that holds it, from its sources to its bundle. */
      buildMs: Figure,
      /** Of the module's own unit tests: the same in every brew. */
      testMs: Figure,
      /** From SIGTERM until the process that holds it is ready again. */
      restartMs: Figure,
      /** Processes that are started again. */
      processes: z.array(z.string()),
      /** All code of the program that is started again. */
      shippedBytes: z.int().optional(),
    }),
  ),
  /** What could not be timed, and why. */
  failures: z.array(z.string()),
});
export type Changes = z.infer<typeof Changes>;

/** What a module that keeps the processor busy does to a path it has no part in. */
export const Isolation = z.object({
  rows: z.array(
    z.object({
      topology: z.string(),
      /** In whose process it is. */
      module: z.string(),
      disturbance: z.string(),
      observedPath: z.string(),
      ratePerSecond: z.number(),
      p99Ms: z.object({ alone: Figure, beside: Figure }),
      /** Beside the disturbance as a multiple of alone, of windows side by side. */
      ratio: Ratio,
    }),
  ),
});
export type Isolation = z.infer<typeof Isolation>;
