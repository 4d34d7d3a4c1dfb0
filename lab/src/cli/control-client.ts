import { z } from 'zod';
import { LabError } from '../errors.ts';
import { isAlive } from '../is-alive.ts';
import type { Span } from '../receivers/span.ts';
import { readUpState, type UpState } from './up-state.ts';

/** Speaks to the supervisor of a running `up`. */
export interface ControlClient {
  state: UpState;
  /** The order's spans, and the shop they come from. */
  traceOfOrder(orderId: string): Promise<{ shop: string; spans: readonly Span[] } | undefined>;
  mailsTo(address: string): Promise<number>;
  /** Resolves when everything has been stopped. */
  stop(): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 60_000;

/** The running supervisor, or undefined when nothing is up (any more). Throws a {@link LabError} when there is one that does not answer. */
export async function connectControl(): Promise<ControlClient | undefined> {
  const state = await readUpState();
  if (state === undefined) return undefined;
  const call = async (method: string, path: string, timeoutMs = ANSWER_TIMEOUT_MS): Promise<unknown> => {
    const response = await fetch(state.control.url + path, { method, headers: { authorization: `Bearer ${state.control.token}` }, signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`status ${response.status} to ${method} ${path}: ${await response.text()}`);
    return response.json();
  };
  try {
    await call('GET', '/');
  } catch (error) {
    if (isRefused(error) || !isAlive(state.pid)) return undefined;
    throw new LabError(`the supervisor of the shop (process ${state.pid}) does not answer: ${error instanceof Error ? error.message : String(error)}; try again, or end it: \`kill ${state.pid}\``);
  }
  return {
    state,
    traceOfOrder: async (orderId) => z.object({ trace: z.custom<{ shop: string; spans: Span[] }>().optional() }).parse(await call('GET', `/trace/${encodeURIComponent(orderId)}`)).trace,
    mailsTo: async (address) => z.object({ mails: z.int() }).parse(await call('GET', `/mails/${encodeURIComponent(address)}`)).mails,
    stop: async () => { await call('POST', '/stop', STOP_TIMEOUT_MS); },
  };
}

/** Whether nobody listens there: a supervisor listens from before its state is written until its end. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED';
}
