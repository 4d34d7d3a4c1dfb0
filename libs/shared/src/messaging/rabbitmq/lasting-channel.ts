import type { Channel } from 'amqplib';
import type { Logger } from 'pino';
import { within } from '../within.ts';

const PREPARE_TIMEOUT_MS = 10_000;
const OPENED_TIMEOUT_MS = 5_000;
const GOODBYE_TIMEOUT_MS = 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** A channel that is opened and prepared again whenever it, or its connection, was closed by anyone else. */
export interface LastingChannel<C extends Channel> {
  /** The channel, while it is open and prepared. */
  current(): C | undefined;
  /** The channel, waited for. Rejects after 5 s, with the last reason why there is none. */
  opened(): Promise<C>;
  /** Closes this channel so that another takes its place. */
  replace(channel: C): void;
  /** Bounded in time. Idempotent. */
  close(): Promise<void>;
}

export interface LastingChannelOptions<C extends Channel> {
  /** Names it in the log. */
  name: string;
  open: () => Promise<C>;
  /** Makes it what it is for, each time; what comes from the channel meanwhile is its own affair. */
  prepare: (channel: C) => Promise<void>;
  /** Called when it is open and prepared. */
  onOpen?: () => void;
  /** Called when a channel was lost or could not be prepared, before the next try: mends what may be the cause. */
  mend?: () => Promise<void>;
  logger: Logger;
}

export function createLastingChannel<C extends Channel>({ name, open, prepare, onOpen, mend, logger }: LastingChannelOptions<C>): LastingChannel<C> {
  const waiting = new Set<(channel: C) => void>();
  const ended = new AbortController();
  let current: C | undefined;
  let fault = 'it was never open';
  let closed: Promise<void> | undefined;

  async function keepOpen(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !ended.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const { channel, gone } = await openOne();
        pauseMs = FIRST_PAUSE_MS;
        current = channel;
        for (const resolve of waiting) resolve(channel);
        onOpen?.();
        await gone;
      } catch (error) {
        failed(error);
      }
      current = undefined;
      if (ended.signal.aborted) return;
      await mend?.().catch((error: unknown) => { logger.debug({ err: error, channel: name }, 'nothing could be mended'); });
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async function openOne(): Promise<{ channel: C; gone: Promise<void> }> {
    const channel = await open();
    const gone = new Promise<void>((resolve) => { channel.once('close', resolve); });
    channel.on('error', failed);
    try {
      if (ended.signal.aborted) throw new Error('closed meanwhile');
      await within(PREPARE_TIMEOUT_MS, `preparing channel "${name}"`, prepare(channel));
    } catch (error) {
      await goodbye(channel);
      throw error;
    }
    return { channel, gone };
  }

  function failed(error: unknown): void {
    fault = error instanceof Error ? error.message : String(error);
    if (!ended.signal.aborted) logger.warn({ err: error, channel: name }, 'a RabbitMQ channel was lost');
  }

  async function close(): Promise<void> {
    ended.abort();
    if (current !== undefined) await goodbye(current);
  }

  const keeping = keepOpen();
  keeping.catch(failed);
  return {
    current: () => current,
    opened: async () => {
      if (current !== undefined) return current;
      const { promise, resolve } = Promise.withResolvers<C>();
      waiting.add(resolve);
      try {
        return await within(OPENED_TIMEOUT_MS, `opening channel "${name}"`, promise);
      } catch (error) {
        throw new Error(`RabbitMQ channel "${name}" is not open: ${fault}`, { cause: error });
      } finally {
        waiting.delete(resolve);
      }
    },
    replace: (channel) => void goodbye(channel),
    close: () => (closed ??= close()),
  };
}

/** Closes a channel that may be closed already, or belong to a broker that is frozen. */
async function goodbye(channel: Channel): Promise<void> {
  try {
    await within(GOODBYE_TIMEOUT_MS, 'closing a channel', channel.close());
  } catch {
    // It is gone, or goes with its connection.
  }
}
