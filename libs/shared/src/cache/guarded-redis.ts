import type { Redis } from 'ioredis';
import { errorCode } from '../errors/error-code.ts';
import type { CacheDeps } from './cache-deps.ts';
import { createCacheFaults, type CacheFault } from './cache-faults.ts';
import { createCircuit } from './circuit.ts';
import { createRedisClient } from './redis-client.ts';
import { withRedisSpan } from './redis-span.ts';

const CIRCUIT = { faults: 3, pauseMs: 1_000 };

/** A Redis that may be away, slow or frozen at any time. */
export interface GuardedRedis {
  /** What the server answers; `undefined`, after the time-out of a command at most, when it cannot be asked or does not answer. Never rejects. */
  ask<T>(operation: string, command: (client: Redis) => Promise<T>): Promise<T | undefined>;
  /** Rejects with the reason when it cannot be asked now. */
  ready(): Promise<void>;
  /** Waits for commands under way. Idempotent. */
  close(): Promise<void>;
}

/** Resolves when it is connected or the first attempt has failed; attempts go on until it is closed. */
export async function openGuardedRedis(url: string, { logger, metrics, clientName = 'cache' }: CacheDeps): Promise<GuardedRedis> {
  const client = createRedisClient(url, clientName);
  const circuit = createCircuit(CIRCUIT);
  const faults = createCacheFaults({ logger, metrics });
  let reason = 'not connected';
  let closing: Promise<void> | undefined;

  /** Why it is not asked now, if so. */
  function obstacle(): CacheFault | undefined {
    if (client.status !== 'ready') return 'away';
    return circuit.allows() ? undefined : 'skipped';
  }

  async function ask<T>(operation: string, command: (client: Redis) => Promise<T>): Promise<T | undefined> {
    const fault = obstacle();
    if (fault !== undefined) {
      faults.count(fault, reason);
      return undefined;
    }
    try {
      const answer = await withRedisSpan(operation, client.options, () => command(client));
      circuit.succeeded();
      faults.over();
      return answer;
    } catch (error) {
      reason = reasonOf(error);
      circuit.failed();
      faults.count('failed', reason);
      return undefined;
    }
  }

  async function ready(): Promise<void> {
    if (client.status !== 'ready') throw new Error(`the cache cannot be used: ${reason}`);
    await client.ping();
  }

  async function close(): Promise<void> {
    await client.quit().catch(() => undefined);
    client.disconnect();
    reason = 'closed';
  }

  // Without a listener the driver prints each of them.
  client.on('error', (error: unknown) => { reason = reasonOf(error); });
  client.on('ready', () => { circuit.succeeded(); });
  await client.connect().catch(() => { faults.count('away', reason); });
  return { ask, ready, close: () => (closing ??= close()) };
}

/** Not the error itself: the driver hangs the command on it, value, password and all. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? (errorCode(error) ?? error.name) : error.message;
}
