import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { HttpServer } from '../http/http-server.ts';
import { stopTelemetry } from '../telemetry/telemetry-state.ts';
import { closeBackends, type Backends } from './backends.ts';
import type { ServiceModule } from './module.ts';
import type { Readiness } from './readiness.ts';

/** Of the whole deadline, what requests under way may take at most: consumers, relay and spans need the rest. */
const SHARE_OF_REQUESTS = 0.6;
const OPS_DEADLINE_MS = 100;

/** What there is of a process, as far as it got. */
export interface ShutdownParts {
  readiness: Readiness;
  logger: Logger;
  /** Ends what waits in the background of the start. */
  stop: () => void;
  backends: Backends;
  /** In the order in which they were started. */
  modules: readonly ServiceModule[];
  http?: HttpServer;
  ops?: HttpServer;
}

/**
 * Ends a process in order: not ready → stop accepting → drain → stop consumers and flush the relay (modules close) → flush spans → close backends.
 * Resolves to `true` when all of it was done within the deadline, to `false` at the deadline. A step that fails is logged and does not stop the others.
 */
export async function shutDown(parts: ShutdownParts, deadlineMs: number): Promise<boolean> {
  const { readiness, logger, http, modules, backends, ops } = parts;
  const endsAtMs = performance.now() + deadlineMs;
  const state = { step: '', failed: false };
  const step = async (name: string, work: () => void | Promise<void>): Promise<void> => {
    state.step = name;
    try {
      await work();
    } catch (error) {
      state.failed = true;
      logger.error({ err: error, step: name }, 'a step of the shutdown failed');
    }
  };
  const inOrder = async (): Promise<boolean> => {
    await step('not ready', () => readiness.hold('shutting down'));
    await step('stop accepting', () => {
      parts.stop();
      http?.stopAccepting();
    });
    for (const module of modules) await step(`drain ${module.name}`, () => module.drain?.());
    await step('finish requests', () => http?.close(deadlineMs * SHARE_OF_REQUESTS));
    for (const module of modules.toReversed()) await step(`close ${module.name}`, () => module.close());
    await step('flush spans', stopTelemetry);
    await step('close backends', () => closeBackends(backends));
    await step('close ops listener', () => ops?.close(OPS_DEADLINE_MS));
    return !state.failed;
  };
  const late = sleep(Math.max(0, endsAtMs - performance.now()), 'late' as const, { ref: false });
  const outcome = await Promise.race([inOrder(), late]);
  if (outcome === 'late') logger.error({ step: state.step, deadlineMs }, 'the shutdown did not end in time');
  return outcome === true;
}
