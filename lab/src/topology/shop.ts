import type { ModuleName } from '@doubleshot/contracts';
import type { DatabaseServer } from '../backends/postgres.ts';
import type { MailReceiver } from '../receivers/mail-receiver.ts';
import type { TraceReceiver } from '../receivers/trace-receiver.ts';
import type { Topology } from './parse-topology.ts';

/** One process of a running shop. */
export interface ShopProcess {
  /** Also its `service.name`. */
  readonly name: string;
  readonly modules: readonly ModuleName[];
  /** Of the process as it runs now. */
  readonly pid: number;
  /** Of its API listener, `http://127.0.0.1:port`; the same after a restart. Nothing for a container: the API is reached through Nginx alone. */
  readonly origin: string | undefined;
  /** Of its ops listener: `/livez`, `/readyz`, `/metrics`, `/log-level`, `/parked`. */
  readonly opsOrigin: string;
  /** From the latest start of the program to its first `ready`. */
  readonly readyAfterMs: number;
  /** How often it ended without being told to by `stop` or `restart`. */
  readonly unexpectedEnds: number;
  /** File with what it wrote to stdout and stderr; for a container its name, which `docker logs` takes. */
  readonly log: string;
  /**
   * Sends a signal. For one that ends the process, resolves when it is gone: it then stays down until `restart`,
   * or comes back by itself in a shop started with `restart: true`. For SIGSTOP and SIGCONT, resolves at once.
   */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it in order (SIGTERM) if it runs, starts it again on the same ports; resolves when it is ready. */
  restart(): Promise<void>;
  /** Resolves when `/readyz` says so, rejects with a {@link LabError} and the last log lines after the time-out. */
  ready(timeoutMs?: number): Promise<void>;
}

/** A running shop, whatever it runs on. Whoever started it stops it. */
export interface RunningShop {
  /** Name of the topology. */
  readonly name: string;
  readonly topology: Topology;
  /** Origin of the gateway. */
  readonly baseUrl: string;
  /** The first staff user. */
  readonly staff: { readonly email: string; readonly password: string };
  readonly processes: readonly ShopProcess[];
  readonly mail: MailReceiver;
  readonly traces: TraceReceiver;
  /** Ends everything that was started for it. Idempotent. */
  stop(): Promise<void>;
}

/** A shop whose processes are children of the lab. `stop` goes in order: gateway first, PostgreSQL last. */
export interface Shop extends RunningShop {
  readonly postgres: DatabaseServer;
  /** Folder of the log files. Removed by `stop`, unless a process ended unexpectedly or `keepLogs` was asked for. */
  readonly logFolder: string;
}
