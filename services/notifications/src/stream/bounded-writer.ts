import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Unsent bytes of one client; one that is further behind is disconnected. */
export const MAX_UNSENT_BYTES = 256 * 1024;
const DRAIN_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 5_000;

/** Writes to a client that may be slow, holding a bounded number of bytes for it. */
export interface BoundedWriter {
  begin(headers: Record<string, string>): void;
  /** Disconnects the client when it is too far behind. Does nothing once the client is gone. */
  write(text: string): void;
  /** Resolves when the client has taken most of what was written; disconnects one that does not in time. */
  drained(): Promise<void>;
  /** Ends the answer in good order. */
  end(): void;
  /** Ended, disconnected, or left. */
  isGone(): boolean;
}

export interface BoundedWriterOptions {
  /** The client was too slow and is disconnected. */
  onSlowClient(): void;
  drainTimeoutMs?: number;
}

export function createBoundedWriter(response: ServerResponse, { onSlowClient, drainTimeoutMs = DRAIN_TIMEOUT_MS }: BoundedWriterOptions): BoundedWriter {
  const closed = new AbortController();
  response.once('close', () => { closed.abort(); });
  // The server ends every event stream by itself when it stops accepting.
  const isGone = (): boolean => response.writableEnded || response.destroyed;

  function disconnect(): void {
    if (isGone()) return;
    onSlowClient();
    response.destroy();
  }

  return {
    begin(headers) {
      if (!isGone()) response.writeHead(200, headers);
    },
    write(text) {
      if (isGone()) return;
      response.write(text);
      if (response.writableLength > MAX_UNSENT_BYTES) disconnect();
    },
    async drained() {
      if (isGone() || !response.writableNeedDrain) return;
      const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(drainTimeoutMs)]);
      await once(response, 'drain', { signal }).catch(disconnect);
    },
    end() {
      if (isGone()) return;
      response.end();
      const timer = setTimeout(() => response.destroy(), END_TIMEOUT_MS).unref();
      response.once('close', () => { clearTimeout(timer); });
    },
    isGone,
  };
}
