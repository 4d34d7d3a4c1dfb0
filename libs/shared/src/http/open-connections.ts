import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** How long idle kept-alive connections stay open after the listener closed: a proxy may be sending on one right now. */
const IDLE_GRACE_MS = 500;
const IDLE_CHECK_MS = 25;
/** Turns of the event loop, each of which accepts one connection: two without any, and not more than this many in all. */
const QUIET_TURNS = 2;
const MOST_TURNS = 1_000;
const EVENT_STREAM = 'text/event-stream';

export interface OpenConnections {
  /** Counts a response in until it closes. */
  add(response: ServerResponse): void;
  /** Closes the listener, once it has taken the connections that wait there already. From now on every answer ends its connection; event streams end at once, clients resume them elsewhere. */
  stopAccepting(): void;
  /** Resolves when every connection has ended. Those still open after `deadlineMs` are cut. Call after `stopAccepting`. */
  ended(deadlineMs: number): Promise<void>;
}

/** Watches what is open at a listening server, so that it can end without cutting anybody off. */
export function watchConnections(server: Server): OpenConnections {
  const running = new Set<ServerResponse>();
  let closed: Promise<void> | undefined;
  const endSoon = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('Connection', 'close');
    else if (String(response.getHeader('content-type')).startsWith(EVENT_STREAM)) response.end();
  };
  return {
    add: (response) => {
      running.add(response);
      response.once('close', () => running.delete(response));
      if (closed !== undefined) response.setHeader('Connection', 'close');
    },
    stopAccepting: () => {
      closed ??= closeListener(server);
      for (const response of running) endSoon(response);
    },
    ended: async (deadlineMs) => {
      let check: NodeJS.Timeout | undefined;
      const grace = setTimeout(() => {
        // Once what has arrived meanwhile is read: a connection with a request that nobody has looked at yet counts as idle.
        check = setInterval(() => setImmediate(() => server.closeIdleConnections()), IDLE_CHECK_MS);
      }, Math.min(IDLE_GRACE_MS, deadlineMs));
      const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
      await closed;
      for (const timer of [grace, check, cut]) clearTimeout(timer);
    },
  };
}

async function closeListener(server: Server): Promise<void> {
  await takeWaiting(server);
  // http.Server.close would cut idle connections at once, and with them requests that are already on their way.
  return new Promise((resolve) => NetServer.prototype.close.call(server, () => resolve()));
}

/** A connection that waits to be accepted is reset when the listener closes, and with it the request that was sent on it. */
async function takeWaiting(server: Server): Promise<void> {
  let quiet = 0;
  const onConnection = (): void => void (quiet = 0);
  server.on('connection', onConnection);
  for (let turns = 0; quiet < QUIET_TURNS && turns < MOST_TURNS; turns += 1) {
    quiet += 1;
    await turn();
  }
  server.off('connection', onConnection);
}
