import { MODULE_NAMES } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import { createUndo } from '../topology/undo.ts';
import { arrangementsOf } from './arrangements.ts';
import { buildReport } from './build-report.ts';
import { FULL, LIMITS, type ComparisonSettings } from './comparison-settings.ts';
import { LIST_PRICES } from './cost/price.ts';
import type { Generator } from './generator/generator.ts';
import { REQUESTED_PATHS, type GeneratorJob } from './generator/generator-protocol.ts';
import { measureSections, type Draft } from './measure-sections.ts';
import type { Brew } from './method/measure-window.ts';
import type { BackendsKind, EmbeddedParts, OpenBrew } from './open-brews.ts';
import { renderReportPage } from './page/report-page.ts';
import { followPlan, planOf } from './plan.ts';
import { ComparisonReport, type SectionName } from './report-schema.ts';
import { requestsOf } from './run-comparison.ts';
import { simulatedStand } from './testing/simulated-stand.ts';

type Job = Omit<GeneratorJob, 'id'>;

const LIMITS_WITHOUT_NOISE = { ...LIMITS, strangerCores: Infinity, stealShare: 1 };
const SETTINGS: ComparisonSettings = { ...FULL, passes: 3, tracedOrders: 0, arrangementPasses: 3 };

/** Tells nothing of itself. */
const UNHEARD: Pick<OpenBrew, 'spansOf' | 'spansOfOrder' | 'traces' | 'logs' | 'conditions'> = {
  spansOf: () => 0,
  spansOfOrder: () => [],
  traces: { received: 0, all: () => [], clear: () => undefined },
  logs: () => Promise.resolve(''),
  conditions: () => Promise.reject(new Error('it was not to be asked')),
};

/** Twins that are this very process. */
const EMBEDDED: EmbeddedParts = {
  get database(): never { throw new Error('there is no database'); },
  give: () => undefined,
  portOf: () => 1,
  startTwin: () => Promise.resolve({ process: simulatedStand(['twin'], () => ({})).brews[0]!.shop.processes[0]!, port: 1, stop: () => Promise.resolve() }),
  forgetLogs: () => undefined,
};

interface Ended {
  draft: Draft;
  /** Of the steps that had not ended. */
  missing: string[];
  /** By the names they were asked for with. */
  opened: string[][];
  report: ComparisonReport;
}

/** Of one process, which holds all modules. */
function restartedBy(restart: () => Promise<void>, { shop, ...brew }: Brew): Brew {
  return { ...brew, shop: { ...shop, processes: shop.processes.map((process) => ({ ...process, modules: MODULE_NAMES, restart })) } };
}

const NEVER = (): boolean => false;

interface Unusual {
  /** The number of the first restart that fails. */
  lastRestart?: number;
  backends?: BackendsKind;
}

/** Measures sections of fake brews until a job, or a restart, comes that must not be done any more. */
async function endedAt(sections: readonly SectionName[], isLast: (job: Job, sent: readonly Job[]) => boolean, { lastRestart = Infinity, backends = 'embedded' }: Unusual = {}): Promise<Ended> {
  const draft: Draft = { asked: [], brews: [], rounds: [], saturation: [] };
  const requests = requestsOf(['monolith', 'microservices']);
  const plan = followPlan(planOf({ settings: SETTINGS, brews: requests.length, backends, sections }), () => undefined);
  const { generator } = simulatedStand([], () => ({})).stand;
  const sent: Job[] = [];
  const run: Generator['run'] = (job) => {
    sent.push(job);
    return isLast(job, sent) ? Promise.reject(new Error('ended')) : generator.run(job);
  };
  let restarts = 0;
  const restart = (): Promise<void> => ((restarts += 1) === lastRestart ? Promise.reject(new Error('ended')) : Promise.resolve());
  const opened: string[][] = [];
  const measuring = measureSections({
    ...{ requests, backends, settings: SETTINGS, sections, limits: LIMITS_WITHOUT_NOISE, seed: 0, plan, undo: createUndo(), draft, begunAt: 0 },
    generator: { ...generator, run },
    open: (wanted) => {
      opened.push(wanted.map(({ name }) => name));
      const { brews } = simulatedStand(wanted.map(({ name }) => name), () => ({}));
      return Promise.resolve({ brews: wanted.map((request, index) => ({ ...restartedBy(restart, brews[index]!), request, groups: [], embedded: EMBEDDED, ...UNHEARD })), stop: () => Promise.resolve() });
    },
  });
  await expect(measuring).rejects.toThrow('ended');
  const partial = { reason: 'ended', missing: plan.missing() };
  const body = buildReport(draft, { backends, generatorCore: null, settings: SETTINGS, limits: LIMITS_WITHOUT_NOISE, seed: 0, prices: LIST_PRICES, exactCpuTime: true });
  return { draft, missing: partial.missing, opened, report: ComparisonReport.parse({ ...body, partial, measuredAt: new Date(0).toISOString(), elapsedMs: 1, command: '', commands: {} }) };
}

/** Of two brews, on each path. */
const WARM_UPS = 2 * REQUESTED_PATHS.length;
const sentTimes = (sent: readonly Job[], is: (job: Job) => boolean): number => sent.filter(is).length;

test('when the comparison is ended in its last pass, then the report has the passes before, and says what is missing', async () => {
  const { report, missing } = await endedAt(['comparison'], ({ kind }, sent) => kind === 'login' && sentTimes(sent, (job) => job.kind === 'login') === 2 + 2 * 2 + 1);
  expect(report.topologies.map(({ paths }) => paths.read.p50Ms.n)).toEqual([2, 2]);
  expect(report.topologies.map(({ pricePerMillionOrders }) => pricePerMillionOrders?.totals?.n)).toEqual([2, 2]);
  expect(missing).toEqual(['the rest of comparison', 'start-up']);
});

test('when start-up is ended in the middle, then the report has the starts before, and says what is missing', async () => {
  const { report, missing } = await endedAt(['comparison'], NEVER, { lastRestart: 4 });
  expect(report.topologies.map(({ startupMs }) => startupMs.n)).toEqual([1, 2]);
  expect(missing).toEqual(['the rest of start-up']);
});

test('when isolation is ended in a later pass, then the report has the passes before, and says what is missing', async () => {
  const { report, missing } = await endedAt(['isolation'], (_, sent) => sent.length === WARM_UPS + 2 + 2 * 4 + 1);
  expect(report.isolation?.rows.map(({ topology, ratio }) => [topology, ratio.pairs.length])).toEqual([['monolith', 2], ['microservices', 2]]);
  expect(missing).toEqual(['the rest of isolation']);
});

test('when scaling is ended in a later pass, then the report has the passes before, and says what is missing', async () => {
  const { report, missing } = await endedAt(['scaling'], (_, sent) => sent.length === WARM_UPS + 2 + 6 + 1);
  expect(report.scaling?.rows.map(({ topology, cpuMicros }) => `${topology} ${cpuMicros.n}`)).toEqual([...Array<string>(3).fill('monolith 1'), ...Array<string>(3).fill('microservices 1')]);
  expect(missing).toEqual(['the rest of scaling']);
});

test('when the saturation is ended within a path, then the report has the paths before, and says what is missing', async () => {
  const { report, missing } = await endedAt(['saturation'], ({ kind }, sent) => kind === 'databaseRead' && sentTimes(sent, (job) => job.kind === kind) === 3);
  expect(report.saturation.map(({ topology, path }) => `${path} of ${topology}`)).toEqual(['read of monolith', 'read of microservices']);
  expect(missing).toEqual(['the rest of saturation']);
});

test.each(['taxes', 'dial'] as const)('when %s are ended in the last pass, then the report has the passes before, and says what is missing', async (section) => {
  const arrangements = arrangementsOf('embedded').length;
  const { report: { taxes, dial }, missing } = await endedAt([section], (_, sent) => sent.length === arrangements * 3 + 1);
  expect([...(taxes?.brokers ?? []), ...(taxes?.splitting ?? [])].map(({ ratio }) => ratio.pairs.length)).toContain(2);
  expect(taxes?.cells.flatMap(({ order }) => order?.p50Ms.n ?? [])).toEqual([2, 2, 2]);
  expect(dial?.steps.map(({ order }) => order.p50Ms.n)).toEqual([2, 2, 2, 2]);
  expect(missing).toEqual(['the rest of taxes and dial']);
});

test('when taxes alone are asked for, then no other brews are started than those they are measured on', async () => {
  const { opened, report } = await endedAt(['taxes'], (_, sent) => sent.length === 1);
  expect(opened).toEqual([arrangementsOf('embedded').map(({ name }) => name)]);
  expect(report.topologies.map(({ name, processes }) => [name, processes.length])).toEqual([['monolith', 1], ['microservices', 4]]);
});

test('when taxes are measured in containers, then all four cells are in one run, with the price of each step between them', async () => {
  const { opened, report } = await endedAt(['taxes'], (_, sent) => sent.length === 4 * 3 + 1, { backends: 'containers' });
  expect(opened).toEqual([['monolith', 'monolith, messages outside', 'microservices, messages over PostgreSQL', 'microservices']]);
  const { cells = [], brokers = [], insteadOfPostgres = [], splitting = [] } = report.taxes ?? {};
  expect(cells.map(({ topology, messaging, order }) => [topology, messaging, order?.p50Ms.n])).toEqual([
    ['monolith', 'in-process', 2],
    ['monolith', 'brokers', 2],
    ['microservices', 'postgres', 2],
    ['microservices', 'brokers', 2],
  ]);
  for (const prices of [brokers, insteadOfPostgres, splitting]) expect(prices.map(({ ratio }) => ratio.pairs.length)).toContain(2);
  const page = renderReportPage(report);
  for (const cell of ['monolith, events and tasks in the process', 'monolith, events and tasks over Kafka and RabbitMQ', 'microservices, events and tasks over PostgreSQL', 'microservices, events and tasks over Kafka and RabbitMQ']) expect(page).toContain(cell);
  expect(page).toContain('Kafka and RabbitMQ instead of PostgreSQL');
});
