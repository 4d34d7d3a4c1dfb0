import pg from 'pg';
import type { Logger } from 'pino';

const CONNECT_TIMEOUT_MS = 2_000;
const CHECK_EVERY_MS = 5_000;
/** A server can take a statement and never answer it. */
const QUERY_TIMEOUT_MS = 2_000;
const FIRST_RECONNECT_MS = 50;
const LONGEST_RECONNECT_MS = 1_000;

/** One connection that only listens (`LISTEN`). What is notified while it is down is lost: a poll must stand behind it. */
export interface Listener {
  /** Resolves when the channel is listened to, or after 4 s of trying; then it goes on in the background. Stops with the function it answers. */
  listen(channel: string, onNotification: (payload: string) => void): Promise<() => void>;
  /** Called after each time the connection was made anew: what was notified in between was missed. */
  onReconnect(callback: () => void): void;
  connected(): boolean;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Connects with the first `listen`, and again whenever the connection breaks or stops answering. */
export function createListener({ url, applicationName, logger }: { url: string; applicationName: string; logger: Logger }): Listener {
  const channels = new Map<string, Set<(payload: string) => void>>();
  const reconnects = new Set<() => void>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let closed = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  function connect(): Promise<void> {
    return (connecting ??= open().finally(() => { connecting = undefined; }));
  }

  async function open(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    next.on('error', () => { lost(next); });
    next.on('end', () => { lost(next); });
    next.on('notification', ({ channel, payload }) => {
      for (const each of channels.get(channel) ?? []) each(payload ?? '');
    });
    try {
      await next.connect();
      for (const channel of channels.keys()) await next.query(`LISTEN ${next.escapeIdentifier(channel)}`);
    } catch {
      await end(next);
      retryLater();
      return;
    }
    if (closed) return void end(next);
    client = next;
    if (failures > 0) logger.info('listening to the database again');
    failures = 0;
    timer = setTimeout(() => void check(next), CHECK_EVERY_MS);
    for (const callback of reconnects) callback();
  }

  async function listenTo(connected: pg.Client, channel: string): Promise<void> {
    try {
      await connected.query(`LISTEN ${connected.escapeIdentifier(channel)}`);
    } catch {
      // Connecting anew listens to every channel.
      lost(connected);
    }
  }

  /** A connection can be dead without saying so. */
  async function check(checked: pg.Client): Promise<void> {
    try {
      await checked.query('SELECT 1');
      if (client === checked && !closed) timer = setTimeout(() => void check(checked), CHECK_EVERY_MS);
    } catch {
      lost(checked);
    }
  }

  function lost(which: pg.Client): void {
    if (client !== which) return;
    client = undefined;
    clearTimeout(timer);
    void end(which);
    if (!closed) {
      logger.warn('the connection that listens to the database was lost');
      retryLater();
    }
  }

  function retryLater(): void {
    if (closed) return;
    failures += 1;
    timer = setTimeout(() => void connect(), Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(failures - 1, 10), LONGEST_RECONNECT_MS));
  }

  return {
    listen: async (channel, onNotification) => {
      const callbacks = channels.get(channel) ?? new Set();
      const first = !channels.has(channel);
      channels.set(channel, callbacks.add(onNotification));
      if (connecting !== undefined) await connecting;
      if (client === undefined && failures === 0) await connect();
      // A channel added while connected is not among those that connecting listened to.
      else if (first && client !== undefined) await listenTo(client, channel);
      return () => { callbacks.delete(onNotification); };
    },
    onReconnect: (callback) => { reconnects.add(callback); },
    connected: () => client !== undefined,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await connecting;
      const last = client;
      client = undefined;
      if (last !== undefined) await end(last);
    },
  };
}

async function end(client: pg.Client): Promise<void> {
  // A frozen server does not answer the goodbye.
  const timeout = new Promise<void>((resolve) => { setTimeout(resolve, 200).unref(); });
  await Promise.race([client.end().catch(() => undefined), timeout]);
}
