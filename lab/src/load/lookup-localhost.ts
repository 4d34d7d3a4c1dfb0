import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Names below `localhost` are this machine (RFC 6761, section 6.3); not every resolver knows. */
export const lookupLocalhost: LookupFunction = (hostname, options, callback) => {
  lookup(hostname.endsWith('.localhost') ? '127.0.0.1' : hostname, options, callback);
};
