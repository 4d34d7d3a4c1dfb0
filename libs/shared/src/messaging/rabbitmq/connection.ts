import type { SocketConstructorOpts } from 'node:net';
import { connect, type Channel, type ConfirmChannel, type RecoveryOptions, type SocketOptions } from 'amqplib';
import type { Logger } from 'pino';
import { within } from '../within.ts';

/** A broker that is silent for two to three times as long counts as gone. */
const HEARTBEAT_SECONDS = 5;
const CONNECT_TIMEOUT_MS = 3_000;
const FIRST_RECONNECT_MS = 100;
const LONGEST_RECONNECT_MS = 2_000;
const GOODBYE_TIMEOUT_MS = 1_000;

/** One connection to RabbitMQ, made again whenever it is lost. The channels on it are lost with it. */
export interface Connection {
  /** Waits for a connection; rejects when it is closed for good. */
  openChannel(): Promise<Channel>;
  openConfirmChannel(): Promise<ConfirmChannel>;
  /** Why there is no connection now; `undefined` when there is one. */
  disconnected(): string | undefined;
  /** Why the broker takes no messages from this connection now (it is short of memory or disk). */
  blocked(): string | undefined;
  onUnblocked(listener: () => void): void;
  /** Bounded in time, also while the broker is away, frozen or blocking. Idempotent. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  url: string;
  /** Shown in the broker's list of connections. */
  name: string;
  logger: Logger;
}

/** Begins to connect and resolves at once. The driver's own recovery reconnects; why no other library does: docs/adr/0012. */
export async function openConnection({ url, name, logger }: ConnectionOptions): Promise<Connection> {
  const sockets = new AbortController();
  const unblocked = new Set<() => void>();
  let fault: string | undefined = 'not connected to RabbitMQ yet';
  let block: string | undefined;
  let closed: Promise<void> | undefined;

  const options: SocketOptions & Pick<SocketConstructorOpts, 'signal'> & { recovery: RecoveryOptions } = {
    noDelay: true,
    keepAlive: true,
    timeout: CONNECT_TIMEOUT_MS,
    clientProperties: { connection_name: name },
    signal: sockets.signal,
    recovery: { waitForConnect: false, initialDelay: FIRST_RECONNECT_MS, maxDelay: LONGEST_RECONNECT_MS },
  };
  const connection = await connect(withHeartbeat(url), options);
  let reported = false;
  const lost = (error: Error): void => {
    fault = `not connected to RabbitMQ: ${error.message}`;
    // Once for each outage: it tries again every other second.
    logger[reported ? 'debug' : 'warn']({ err: error, connection: name }, 'no connection to RabbitMQ');
    reported = true;
  };
  const unblock = (): void => {
    block = undefined;
    for (const listener of unblocked) listener();
  };
  connection.on('connect', () => {
    fault = undefined;
    reported = false;
    logger.info({ connection: name }, 'connected to RabbitMQ');
    unblock();
  });
  connection.on('disconnect', lost);
  connection.on('connect-failed', lost);
  connection.on('error', (error: Error) => { logger.debug({ err: error, connection: name }, 'RabbitMQ connection error'); });
  connection.on('blocked', (reason: string) => {
    block = `RabbitMQ takes no messages: ${reason}`;
    logger.warn({ reason, connection: name }, 'RabbitMQ takes no messages');
  });
  connection.on('unblocked', unblock);

  async function close(): Promise<void> {
    fault = 'closed';
    await within(GOODBYE_TIMEOUT_MS, 'closing the connection', connection.close()).catch(() => undefined);
    // A broker that is frozen does not answer the goodbye.
    sockets.abort();
  }

  return {
    openChannel: () => connection.createChannel(),
    openConfirmChannel: () => connection.createConfirmChannel(),
    disconnected: () => fault,
    blocked: () => block,
    onUnblocked: (listener) => { unblocked.add(listener); },
    close: () => (closed ??= close()),
  };
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return parsed.href;
}
