import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';

/** How long a caller waits for an answer at most: a cache that takes longer helps nobody. */
const COMMAND_TIMEOUT_MS = 150;
const CONNECT_TIMEOUT_MS = 1_000;
/** A connection that owes an answer for so long is given up and made anew. */
const SILENT_CONNECTION_MS = 2_000;
const GOODBYE_TIMEOUT_MS = 200;
const FIRST_RECONNECT_MS = 50;
const LONGEST_RECONNECT_MS = 1_000;
const DEFAULT_PORT = 6_379;

/** A client that never waits long, keeps no command for later, sends none twice, and connects again for ever. Not connected yet. */
export function createRedisClient(url: string, clientName: string): Redis {
  return new Redis({
    ...addressOf(url),
    connectionName: clientName,
    // Shops that share a server read each other's menu otherwise.
    keyPrefix: `doubleshot:${clientName}:`,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENT_CONNECTION_MS,
    disconnectTimeout: GOODBYE_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_RECONNECT_MS),
    // After a failover the old primary takes no writes.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
}

/** Not left to the driver: it takes any of its options from the query of a URL, over ours. */
function addressOf(url: string): RedisOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  if (!/^\d*$/.test(database)) throw new Error('CACHE_URL: what follows the host must be the number of a database, like /1');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: port === '' ? DEFAULT_PORT : Number(port),
    db: Number(database),
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
    // Named, for one balancer may stand before many servers; an address is no name.
    ...(protocol === 'rediss:' && { tls: isIP(host) === 0 ? { servername: host } : {} }),
  };
}
