import { randomUUID } from 'node:crypto';
import { OPERATIONS, PROBLEM_CODES } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import { parsePrometheusText } from '../../lab/src/audit/prometheus-text.ts';
import { API, newCustomer } from './support/customer.ts';
import { exemplarsOf } from './support/exemplars.ts';
import { describeEachTopology, type ShopUnderTest } from './support/shop.ts';

const DISTINCT = 1_000;
const AT_ONCE = 20;
/** A status or a kind of garbage collection that was not seen before has a series of its own; an id must not. */
const MOST_NEW_SERIES = 50;
const DURATION = 'http_server_request_duration_seconds';

/** What every process tells, in one text. */
async function metricsOf(shop: ShopUnderTest): Promise<string> {
  const pages = await Promise.all(shop.processes.map(async ({ opsOrigin }) => (await fetch(`${opsOrigin}/metrics`)).text()));
  return pages.join('\n');
}

describeEachTopology('metrics', (shop) => {
  test('a thousand paths and ids that nobody saw before add no label to any process', async () => {
    const { request } = await newCustomer(shop);
    const kinds = [(id: string) => `/${id}`, (id: string) => `${API}/${id}`, (id: string) => `${API}/menu/${id}`, (id: string) => `${API}/orders/${id}`, (id: string) => `${API}/menu?q=${id}`];
    for (const path of kinds) await request(path(randomUUID()));
    const before = parsePrometheusText(await metricsOf(shop)).length;
    const paths = Array.from({ length: DISTINCT }, (_, n) => kinds[n % kinds.length]!(randomUUID()));
    for (let n = 0; n < paths.length; n += AT_ONCE) await Promise.all(paths.slice(n, n + AT_ONCE).map((path) => request(path)));
    const text = await metricsOf(shop);
    const samples = parsePrometheusText(text);
    expect(samples.length - before).toBeLessThan(MOST_NEW_SERIES);
    expect(paths.map((path) => path.slice(-36)).filter((id) => text.includes(id))).toEqual([]);
    const routes = new Set(samples.filter(({ name }) => name === `${DURATION}_count`).map(({ labels }) => labels['route'] ?? ''));
    const known = new Set([...OPERATIONS.map(({ path }) => path), ...PROBLEM_CODES.map((code) => `/problems/${code}`), 'unmatched']);
    expect([...routes].filter((route) => !known.has(route) && !/^\/api\/(docs|openapi)/.test(route))).toEqual([]);
  });

  test('a request is an example of what was measured: its trace is the one that was recorded', async () => {
    const ada = await newCustomer(shop);
    const { id } = await ada.placed();
    const spans = await expect.poll(() => shop.spans({ order: id }), { timeout: 20_000 }).not.toEqual([]).then(() => shop.spans({ order: id }));
    const examples = (await exemplarsOf(shop, { route: `${API}/orders`, status: 201 })).map(({ traceId, spanId }) => `${traceId} ${spanId}`);
    expect(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).toEqual(expect.arrayContaining([expect.toBeOneOf(examples)]));
    expect(await metricsOf(shop)).not.toContain('trace_id');
  });
});
