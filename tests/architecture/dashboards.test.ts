import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../../lab/src/paths.ts';
import { Dashboard, panelQueries, readDashboards } from '../metrics/dashboards.ts';
import { metricNames } from '../metrics/metric-names.ts';
import { countRules, readRules } from '../metrics/rules.ts';

const COLUMNS = 24;
/** What Prometheus makes of its own. */
const OF_PROMETHEUS = ['up', 'ALERTS'];
const defaults = new Registry();
collectDefaultMetrics({ register: defaults });
afterAll(() => { defaults.clear(); });

const known = new Set([...registered(), ...readRules().filter(({ kind }) => kind === 'record').map(({ name }) => name), ...OF_PROMETHEUS]);
const provisioned = new Set([...readFileSync(join(ROOT, 'deploy/docker/grafana/provisioning/datasources/doubleshot.yaml'), 'utf8').matchAll(/^ {4}uid: (\w+)$/gm)].map(([, uid]) => uid));

/** The series of every metric that a process registers. */
function registered(): string[] {
  const sources = globSync(['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: ROOT, exclude: (path) => path.endsWith('node_modules') || path.endsWith('.test.ts') });
  const own = sources.flatMap((path) => [...readFileSync(join(ROOT, path), 'utf8').matchAll(/'((?:doubleshot|http_server)_[a-z_]+)'/g)].map(([, name = '']) => name));
  const names = [...own, ...defaults.getMetricsAsArray().map(({ name }) => name)];
  return names.flatMap((name) => [name, ...['bucket', 'sum', 'count'].map((part) => `${name}_${part}`)]);
}

/** What is wrong with a dashboard, in words. */
function faultsOf(value: unknown): string[] {
  const parsed = Dashboard.safeParse(value);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { panels, templating } = parsed.data;
  const variables = new Set(['__rate_interval', ...templating.list.map(({ name }) => name)]);
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const sources = panels.flatMap(({ datasource, targets }) => [datasource, ...targets.map((target) => target.datasource)]);
  return [
    ...panels.filter(({ gridPos: { x, w } }) => x + w > COLUMNS).map(({ title }) => `${title}: outside the grid`),
    ...panels.flatMap((one, index) => panels.slice(index + 1).filter((other) => overlap(one.gridPos, other.gridPos)).map(({ title }) => `${one.title} lies on ${title}`)),
    ...(new Set(panels.map(({ id }) => id)).size < panels.length ? ['two panels have one id'] : []),
    ...sources.filter(({ uid }) => !provisioned.has(uid)).map(({ uid }) => `no data source ${uid}`),
    ...expressions.flatMap((expression) => [...expression.matchAll(/\$(\w+)/g)].map(([, name = '']) => name)).filter((name) => !variables.has(name)).map((name) => `no variable ${name}`),
    ...expressions.flatMap(unknownNames),
  ];
}

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

function overlap(one: Box, other: Box): boolean {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
}

function unknownNames(expression: string): string[] {
  return metricNames(expression).filter((name) => !known.has(name)).map((name) => `nobody has a metric ${name}`);
}

test('when dashboards are read, then each keeps its schema, and each metric in it exists', () => {
  const dashboards = readDashboards();
  expect([...dashboards.keys()].toSorted()).toEqual(['brews.json', 'messaging.json', 'service.json', 'shop.json']);
  expect([...dashboards].flatMap(([file, dashboard]) => faultsOf(dashboard).map((fault) => `${file}: ${fault}`))).toEqual([]);
  const all = [...dashboards.values()].map((dashboard) => Dashboard.parse(dashboard));
  for (const distinct of ['uid', 'title'] as const) expect(new Set(all.map((dashboard) => dashboard[distinct])).size).toBe(dashboards.size);
  expect(all.flatMap(panelQueries).length).toBeGreaterThan(40);
});

test('when rules are read, then each metric in them exists, and each recorded one is used', () => {
  const rules = readRules();
  expect(rules.length).toBe(countRules());
  expect(rules.flatMap(({ name, expression }) => unknownNames(expression).map((fault) => `${name}: ${fault}`))).toEqual([]);
  const expressions = [...rules.map(({ expression }) => expression), ...[...readDashboards().values()].flatMap((dashboard) => panelQueries(Dashboard.parse(dashboard)).map(({ expression }) => expression))];
  const used = new Set(expressions.flatMap(metricNames));
  expect(rules.filter(({ kind, name }) => kind === 'record' && !used.has(name)).map(({ name }) => name)).toEqual([]);
});

test.each([
  ['reads a metric that nobody has', { expr: 'rate(doubleshot_cups_total[1m])' }, 'nobody has a metric doubleshot_cups_total'],
  ['reads a rule that nobody wrote', { expr: 'max by (brew) (brew:cups:rate1m)' }, 'nobody has a metric brew:cups:rate1m'],
  ['uses a variable that it does not define', { expr: 'up{service="$shop"}' }, 'no variable shop'],
  ['asks a source that is not provisioned', { datasource: { type: 'loki', uid: 'loki' } }, 'no data source loki'],
  ['asks nothing', { expr: '' }, expect.stringContaining('panels.0.targets.0.expr')],
])('when a panel %s, then it is named', (_, change, fault) => {
  const [dashboard] = [...readDashboards().values()].map((value) => Dashboard.parse(value));
  const [panel] = dashboard!.panels;
  const [target] = panel!.targets;
  expect(faultsOf({ ...dashboard, panels: [{ ...panel, targets: [{ ...target, ...change }] }] })).toEqual([fault]);
  expect(faultsOf({ ...dashboard, panels: [panel, panel] })).toEqual([`${panel!.title} lies on ${panel!.title}`, 'two panels have one id']);
});

test('when an expression is read, then its metrics are found, and nothing else', () => {
  const expression = 'histogram_quantile(0.99, sum by (brew, le) (rate(a_bucket{route="/orders/{id}", x=~"b|c"}[$__rate_interval]))) > 1e3 * on (brew) group_left () d:e:rate1m offset 5m unless 0 * f';
  expect(metricNames(expression)).toEqual(['a_bucket', 'd:e:rate1m', 'f']);
});
