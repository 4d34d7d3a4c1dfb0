import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

export type Resolve = (hostname: string, options: { all: true }, done: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/**
 * For a name with several addresses, one for each replica: every connection begins with the next of them, and goes on to the others where nobody
 * listens. The system's own order does not do: it puts the address that is most like our own first, each time.
 */
export function createRotatingLookup(resolve: Resolve = lookup): LookupFunction {
  let turn = 0;
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        done(error, []);
        return;
      }
      const sorted = addresses.toSorted((one, two) => (one.address < two.address ? -1 : 1));
      const first = (turn += 1) % sorted.length;
      done(null, [...sorted.slice(first), ...sorted.slice(0, first)]);
    });
  };
}
