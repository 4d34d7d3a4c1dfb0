import type { ModuleName } from '@doubleshot/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Cache } from '../cache/cache.ts';
import type { Database, Migration } from '../database/database.ts';
import type { Router } from '../http/router.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { EventLog } from '../messaging/event-log.ts';
import type { ParkedRows } from '../messaging/outbox.ts';
import type { TaskQueue } from '../messaging/task-queue.ts';
import type { LocalKeys } from '../security/keys.ts';
import type { TokenVerifier } from '../security/principal.ts';

/** One module of the shop, running. It does not know which process it is in, nor what else is in there. */
export interface ServiceModule {
  name: ModuleName;
  /** Answers the operations of this module, at their full paths. */
  router: Router;
  /** What its outbox gave up on, for a module that has one. */
  outbox?: ParkedRows;
  /** What needs the database alone, done before brokers are waited for. Called again after a while when it rejects. */
  prepare?(): Promise<void>;
  /** Starts consumers and timers. Called again after a while when it rejects: what has started already must not start twice. */
  start(): Promise<void>;
  /**
   * The process is about to end: answers that wait for something new are given now, streams end. `start` and consumers go on.
   * For modules whose answers may take long; called before the requests under way are waited for.
   */
  drain?(): void;
  /** Rejects with the reason when the module cannot serve now. */
  ready(): Promise<void>;
  /** Stops consumers and timers, lets what runs finish. Idempotent. Closes nothing it was given. */
  close(): Promise<void>;
}

/** How the gateway reaches a module: its router in the same process, or the origin of another process. */
export type Upstream = { router: Router } | { origin: string };

/** What a module is given. A module takes what it needs of it (`Pick<ModuleDeps, …>`); the composition root makes and closes the rest. */
export interface ModuleDeps<Settings> {
  settings: Settings;
  logger: Logger;
  metrics: Registry;
  database: Database;
  eventLog: EventLog;
  taskQueue: TaskQueue;
  cache: Cache;
  mailer: Mailer;
  tokens: TokenVerifier;
  /** Where the auth module puts its public keys for verifiers in the same process. */
  localKeys: LocalKeys;
  /** For the gateway: the other modules. */
  upstreams: Readonly<Record<Exclude<ModuleName, 'gateway'>, Upstream>>;
}

/** A backend that a process opens only if one of its modules needs it. */
export type Need = 'database' | 'eventLog' | 'taskQueue' | 'cache' | 'mailer' | 'tokens' | 'upstreams';

/** What a composition root has to know of a module to run it. Exported by the module's package root. */
export interface ModuleDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> {
  name: ModuleName;
  /** Schema of each environment variable of this module, by its name. Variables that every process has are not among them. */
  settings: Shape;
  needs: readonly Need[];
  /** Applied to the schema named like the module. */
  migrations: readonly Migration[];
  create(deps: ModuleDeps<z.output<z.ZodObject<Shape>>>): ServiceModule;
}

/** Keeps the settings of a definition typed. */
export function defineModule<Shape extends z.ZodRawShape>(definition: ModuleDefinition<Shape>): ModuleDefinition<Shape> {
  return definition;
}
