import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

/** What an adapter needs beside its URL. */
export interface CacheDeps {
  logger: Logger;
  metrics: Registry;
  /** Shown in the server's list of connections. Keys are shared only by processes of one name. */
  clientName?: string;
}
