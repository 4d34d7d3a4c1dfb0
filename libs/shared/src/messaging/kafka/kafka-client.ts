import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, type ISocketFactory, type SASLOptions } from 'kafkajs';
import type { Logger } from 'pino';
import type { KafkaAddress } from '../../config/kafka-url.ts';
import { clientLogger } from './client-logger.ts';
import { stopIdlePolling } from './idle-polling.ts';

const CONNECT_TIMEOUT_MS = 2_000;
/** Also for what a frozen broker never answers. */
export const REQUEST_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 15_000;
/** Few and short: whoever asked tries again, with a deadline of its own. */
export const CLIENT_RETRY = { initialRetryTime: 100, maxRetryTime: 500, factor: 0.2, multiplier: 2, retries: 2 };

export interface KafkaClientOptions {
  address: KafkaAddress;
  clientId: string;
  logger: Logger;
}

/** A client of its own connections: kafkajs shares offsets between the consumers of one client, which those of one group must not. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /** Ends every connection at once; what waits for an answer rejects. Needed even after `disconnect`, which may hang on a dead broker. */
  destroy(): void;
}

/** Makes clients that are all configured alike. */
export type OpenKafkaClient = () => KafkaClient;

/** Does not connect. */
export function createKafkaClient({ address: { brokers, tls, credentials }, clientId, logger }: KafkaClientOptions): KafkaClient {
  stopIdlePolling();
  const sockets = new Set<Socket>();
  let destroyed = false;

  const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    // The types say otherwise, but without TLS there is none. By the name of the host one balancer tells many clusters apart.
    const socket = (ssl as typeof ssl | null | undefined) ? connectTls({ ...ssl, host, port, ...(isIP(host) === 0 && { servername: host }) }, onConnect) : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => { sockets.delete(socket); });
    if (destroyed) setImmediate(() => socket.destroy(new Error('the client was closed')));
    return socket;
  };

  const kafka = new Kafka({
    brokers: [...brokers],
    ssl: tls,
    ...(credentials !== undefined && { sasl: credentials as SASLOptions }),
    clientId,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: CLIENT_RETRY,
    socketFactory,
    logLevel: logLevel.INFO,
    logCreator: clientLogger(logger),
  });
  return {
    kafka,
    destroy: () => {
      destroyed = true;
      for (const socket of sockets) socket.destroy(new Error('the client was closed'));
    },
  };
}
