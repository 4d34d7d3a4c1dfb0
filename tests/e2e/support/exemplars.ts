import type { ShopUnderTest } from './shop.ts';

const DURATION = 'http_server_request_duration_seconds';
/** As Prometheus asks. */
const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';

export interface Exemplar {
  process: string;
  traceId: string;
  spanId: string;
}

/** What each process names as examples of how long such requests took: of each bucket the latest. */
export async function exemplarsOf(shop: ShopUnderTest, { route, status }: { route: string; status: number }): Promise<Exemplar[]> {
  const example = new RegExp(`^${DURATION}_bucket\\{.*route="${route}",status="${status}"\\} \\d+ # \\{trace_id="(\\w{32})",span_id="(\\w{16})"\\}`, 'gm');
  const found = await Promise.all(shop.processes.map(async ({ name, opsOrigin }) => {
    const page = await (await fetch(`${opsOrigin}/metrics`, { headers: { accept: ACCEPT } })).text();
    return [...page.matchAll(example)].map(([, traceId = '', spanId = '']) => ({ process: name, traceId, spanId }));
  }));
  return found.flat();
}
