import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { Dashboard, panelQueries, readDashboards, type PanelQuery } from '../metrics/dashboards.ts';
import { metricNames } from '../metrics/metric-names.ts';
import { readRules } from '../metrics/rules.ts';
import { API, newCustomer } from './support/customer.ts';
import { createShopUnderTest } from './support/shop.ts';
import { TOPOLOGIES } from './support/topologies.ts';

/** A minute of load, and what scrapes and rules lag behind it on a busy machine. */
const WITHIN = { timeout: 110_000, interval: 1_000 };
const PAUSE_MS = 500;
/** Counts over all there is. */
const OF_NO_BREW = 'count(ALERTS';

const Answer = z.object({ data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })) }) });
const Targets = z.object({ data: z.object({ activeTargets: z.array(z.object({ labels: z.record(z.string(), z.string()), health: z.string(), lastError: z.string() })) }) });
const RuleGroups = z.object({ data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string(), lastError: z.string().optional() })) })) }) });
const Exemplars = z.object({ data: z.array(z.object({ seriesLabels: z.record(z.string(), z.string()), exemplars: z.array(z.object({ labels: z.record(z.string(), z.string()) })) })) });

const shops = TOPOLOGIES.map((topology) => createShopUnderTest(topology));
const stopping = new AbortController();
let load: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  await Promise.all(shops.map(({ open }) => open()));
  load = Promise.all(shops.map(({ shop }) => orderOften(shop)));
});
afterAll(async () => {
  stopping.abort();
  await load;
  await Promise.all(shops.map(({ close }) => close()));
});

/** A customer who reads the menu, orders, and reads what came of it, about once in half a second. */
async function orderOften(shop: Parameters<typeof newCustomer>[0]): Promise<void> {
  const customer = await newCustomer(shop);
  while (!stopping.signal.aborted) {
    await customer.request(`${API}/menu`);
    await customer.place();
    await customer.request(`${API}/notifications`);
    await sleep(PAUSE_MS);
  }
}

async function ask<T>(schema: z.ZodType<T>, path: string, parameters: Record<string, string> = {}): Promise<T> {
  const response = await fetch(`${inject('prometheus')}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return schema.parse(JSON.parse(text));
}

/** The series of a query, by their labels. */
async function series(query: string): Promise<Record<string, string>[]> {
  return (await ask(Answer, 'query', { query })).data.result.map(({ metric }) => metric);
}

/** What is missing of an answer, or nothing: every query answers for both brews. */
async function missing(query: string): Promise<string[]> {
  const found = await series(query);
  if (query.startsWith(OF_NO_BREW)) return found.length === 0 ? ['anything'] : [];
  const told = found.map(({ brew, service }) => brew ?? (service === 'monolith' ? 'monolith' : 'microservices'));
  return TOPOLOGIES.filter((brew) => !told.includes(brew));
}

async function unanswered(queries: readonly { what: string; query: string }[]): Promise<string[]> {
  const answers = await Promise.all(queries.map(async ({ what, query }) => (await missing(query)).map((brew) => `${what} [${brew}]: ${query}`)));
  return answers.flat();
}

test('every process of both brews is scraped, and every rule can be worked out', async () => {
  const scraped = async (): Promise<string[]> =>
    (await ask(Targets, 'targets')).data.activeTargets.filter(({ labels }) => labels['job'] === 'doubleshot').map(({ labels, health, lastError }) => `${labels['brew'] ?? ''} ${labels['service'] ?? ''} ${health} ${lastError}`.trim()).toSorted();
  await expect.poll(scraped, WITHIN).toEqual(['microservices auth up', 'microservices gateway up', 'microservices notifications up', 'microservices orders up', 'monolith monolith up']);
  const faulty = async (): Promise<string[]> =>
    (await ask(RuleGroups, 'rules')).data.groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok').map(({ name, health, lastError }) => `${name}: ${health} ${lastError ?? ''}`);
  await expect.poll(faulty, WITHIN).toEqual([]);
});

test('after a minute of load every query of a dashboard has an answer for both brews', async () => {
  const queries = [...readDashboards().values()].flatMap((dashboard) => panelQueries(Dashboard.parse(dashboard))).map(({ panel, expression }) => ({ what: panel, query: expression }));
  await expect.poll(() => unanswered(queries), WITHIN).toEqual([]);
});

test('after a minute of load every series that a rule records or reads is there, for both brews', async () => {
  const rules = readRules();
  const recorded = rules.filter(({ kind }) => kind === 'record').map(({ name }) => ({ what: 'recorded', query: name }));
  const read = rules.flatMap(({ name, expression }) => metricNames(expression).map((query) => ({ what: `read by ${name}`, query })));
  await expect.poll(() => unanswered([...recorded, ...read]), WITHIN).toEqual([]);
});

test('every duration on a dashboard leads to traces of both brews that were recorded', async () => {
  const queries = [...readDashboards().values()].flatMap((dashboard) => panelQueries(Dashboard.parse(dashboard))).filter(({ exemplars }) => exemplars);
  expect(queries.length).toBeGreaterThan(2);
  for (const { shop } of shops) {
    const leads = async ({ expression }: PanelQuery): Promise<boolean> => {
      const nowS = Date.now() / 1_000;
      const { data } = await ask(Exemplars, 'query_exemplars', { query: expression, start: String(nowS - 300), end: String(nowS + 1) });
      const traces = data.filter(({ seriesLabels }) => seriesLabels['brew'] === shop.topology).map(({ exemplars }) => exemplars.at(-1)?.labels['trace_id'] ?? '');
      const recorded = await Promise.all(traces.slice(0, 5).map((trace) => shop.spans({ trace })));
      return recorded.some((spans) => spans.length > 0);
    };
    const astray = async (): Promise<string[]> => (await Promise.all(queries.map(async (query) => ((await leads(query)) ? [] : [query.panel])))).flat();
    await expect.poll(astray, WITHIN).toEqual([]);
  }
});
