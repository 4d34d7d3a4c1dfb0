import { expect, test } from 'vitest';
import { createUndo } from '../topology/undo.ts';
import { arrangementsOf } from './arrangements.ts';
import { buildReport } from './build-report.ts';
import { FULL, LIMITS, type ComparisonSettings } from './comparison-settings.ts';
import { LIST_PRICES } from './cost/price.ts';
import type { Generator } from './generator/generator.ts';
import type { GeneratorJob } from './generator/generator-protocol.ts';
import { measureSections, type Draft } from './measure-sections.ts';
import type { OpenBrew } from './open-brews.ts';
import { followPlan, planOf } from './plan.ts';
import { ComparisonReport, type SectionName } from './report-schema.ts';
import { requestsOf } from './run-comparison.ts';
import { simulatedStand } from './testing/simulated-stand.ts';

type Job = Omit<GeneratorJob, 'id'>;

const LIMITS_WITHOUT_NOISE = { ...LIMITS, strangerCores: Infinity, stealShare: 1 };
const SETTINGS: ComparisonSettings = { ...FULL, passes: 3, tracedOrders: 0, arrangementPasses: 3 };

/** Tells nothing of itself. */
const UNHEARD: Pick<OpenBrew, 'spansOf' | 'spansOfOrder' | 'logs' | 'conditions'> = {
  spansOf: () => 0,
  spansOfOrder: () => [],
  logs: () => Promise.resolve(''),
  conditions: () => Promise.reject(new Error('it was not to be asked')),
};

interface Ended {
  draft: Draft;
  /** Of the steps that had not ended. */
  missing: string[];
  /** By the names they were asked for with. */
  opened: string[][];
  report: ComparisonReport;
}

/** Measures sections of fake brews until a job comes that must not be done any more. */
async function endedAt(sections: readonly SectionName[], isLast: (job: Job, sent: readonly Job[]) => boolean): Promise<Ended> {
  const draft: Draft = { asked: [], brews: [], rounds: [], saturation: [] };
  const requests = requestsOf(['monolith', 'microservices']);
  const plan = followPlan(planOf({ settings: SETTINGS, brews: requests.length, backends: 'embedded', sections }), () => undefined);
  const { generator } = simulatedStand([], () => ({})).stand;
  const sent: Job[] = [];
  const run: Generator['run'] = (job) => {
    sent.push(job);
    return isLast(job, sent) ? Promise.reject(new Error('ended')) : generator.run(job);
  };
  const opened: string[][] = [];
  const measuring = measureSections({
    ...{ requests, backends: 'embedded', settings: SETTINGS, sections, limits: LIMITS_WITHOUT_NOISE, seed: 0, plan, undo: createUndo(), draft, begunAt: 0 },
    generator: { ...generator, run },
    open: (wanted) => {
      opened.push(wanted.map(({ name }) => name));
      const { brews } = simulatedStand(wanted.map(({ name }) => name), () => ({}));
      return Promise.resolve({ brews: wanted.map((request, index) => ({ ...brews[index]!, request, groups: [], ...UNHEARD })), stop: () => Promise.resolve() });
    },
  });
  await expect(measuring).rejects.toThrow('ended');
  const partial = { reason: 'ended', missing: plan.missing() };
  const body = buildReport(draft, { backends: 'embedded', generatorCore: null, settings: SETTINGS, limits: LIMITS_WITHOUT_NOISE, seed: 0, prices: LIST_PRICES, exactCpuTime: true });
  return { draft, missing: partial.missing, opened, report: ComparisonReport.parse({ ...body, partial, measuredAt: new Date(0).toISOString(), elapsedMs: 1, command: '', commands: {} }) };
}

const sentTimes = (sent: readonly Job[], is: (job: Job) => boolean): number => sent.filter(is).length;

test('when the comparison is ended in its last pass, then the report has the passes before, and says what is missing', async () => {
  const { report, missing } = await endedAt(['comparison'], ({ kind }, sent) => kind === 'login' && sentTimes(sent, (job) => job.kind === 'login') === 2 + 2 * 2 + 1);
  expect(report.topologies.map(({ paths }) => paths.read.p50Ms.n)).toEqual([2, 2]);
  expect(report.topologies.map(({ pricePerMillionOrders }) => pricePerMillionOrders?.totals?.n)).toEqual([2, 2]);
  expect(missing).toEqual(['the rest of comparison', 'start-up']);
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
