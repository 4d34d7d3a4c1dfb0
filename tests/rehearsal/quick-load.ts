import { QUICK } from '../../lab/src/compare/comparison-settings.ts';
import { requestsOf } from '../../lab/src/compare/generator/generate.ts';
import { REQUESTED_PATHS, type RequestedPath } from '../../lab/src/compare/generator/generator-protocol.ts';
import { sendPaced } from '../../lab/src/compare/generator/send-paced.ts';
import { prepareBrew } from '../../lab/src/compare/method/prepare-brew.ts';

const SECONDS = 5;
/** One address alone would meet the limits for a client, which are on here. */
const ADDRESSES = 16;

export interface PathLoad {
  path: RequestedPath;
  due: number;
  succeeded: number;
}

/** The requests of `compare --quick` at its rates, on each path in turn, as an ingress would hand them on. */
export async function loadQuickly(origin: string): Promise<PathLoad[]> {
  const prepared = await prepareBrew(origin, QUICK.customers);
  try {
    const loads: PathLoad[] = [];
    for (const [seed, path] of REQUESTED_PATHS.entries()) {
      const pace = { rate: QUICK.windows[path].ratePerSecond };
      const requestOf = requestsOf({ id: seed, origin, kind: path, customers: await prepared.customers(), menuItemIds: [...prepared.menuItemIds], seed, pace, seconds: SECONDS, notifiedDeadlineMs: 0 }, undefined);
      const { due, succeeded } = await sendPaced({
        origin,
        pace,
        seconds: SECONDS,
        requestOf: (index) => {
          const request = requestOf(index);
          return { ...request, headers: { ...request.headers, 'x-forwarded-for': `203.0.113.${index % ADDRESSES}` } };
        },
      });
      loads.push({ path, due, succeeded });
    }
    return loads;
  } finally {
    await prepared.close();
  }
}
