import { measureBlastRadius } from './blast-radius/measure-blast-radius.ts';
import { measureChanges } from './changes/measure-changes.ts';
import { arrangementsOf, measureArrangements } from './arrangements.ts';
import type { BrewConditions } from './brew-conditions.ts';
import { ON_ARRANGEMENTS, type BlastRadiusSettings, type ChangesSettings, type ComparisonSettings, type IsolationSettings, type RoundLimits, type SaturationSettings, type ScalingSettings } from './comparison-settings.ts';
import { countPerOrder } from './cost/count-per-order.ts';
import { codeBytesOf, imageBytesOf } from './cost/sizes.ts';
import type { Generator } from './generator/generator.ts';
import { REQUESTED_PATHS, type RequestedPath } from './generator/generator-protocol.ts';
import { measureIsolation } from './isolation/measure-isolation.ts';
import { measureSaturation } from './knee/measure-saturation.ts';
import { measurePasses } from './method/measure-passes.ts';
import { measureStarts } from './method/measure-starts.ts';
import { jobOf, type Brew, type Stand } from './method/measure-window.ts';
import { measureScaling } from './scaling/measure-scaling.ts';
import type { BackendsKind, BrewRequest, OpenBrew } from './open-brews.ts';
import type { PlanProgress } from './plan.ts';
import type { ReadyBrew, ReadyBrews } from './ready-brews.ts';
import type { ComparisonReport, RoundReport, SectionName } from './report-schema.ts';
import type { Saturation } from './saturation-schema.ts';
import type { MeasuredBrew } from './summarize.ts';
import { traceOrders } from './trace/trace-orders.ts';
import { readHostUsage } from './usage/host-usage.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import type { Undo } from '../topology/undo.ts';

/** What is measured beside the windows of the comparison and the highest rates; absent where it was not. */
export type FurtherSections = Pick<ComparisonReport, 'taxes' | 'dial' | 'changes' | 'blastRadius' | 'isolation' | 'scaling' | 'trace'>;

/** What has been measured so far; grows while it is measured. */
export interface Draft extends FurtherSections {
  /** What each brew said that it runs with. */
  asked: BrewConditions[];
  brews: MeasuredBrew[];
  rounds: RoundReport[];
  saturation: Saturation[];
}

export interface SectionsOptions {
  requests: readonly BrewRequest[];
  /** Starts brews and makes them ready. */
  open: (requests: readonly BrewRequest[], plan: PlanProgress) => Promise<ReadyBrews>;
  backends: BackendsKind;
  settings: ComparisonSettings;
  sections: readonly SectionName[];
  limits: RoundLimits;
  seed: number;
  generator: Generator;
  plan: PlanProgress;
  undo: Undo;
  draft: Draft;
  /** When the comparison began, by `performance.now()`. */
  begunAt: number;
}

const WARM_UP_SECONDS = 1;

/** Measures section after section into the draft. Whoever calls takes back what was started. */
export async function measureSections(options: SectionsOptions): Promise<void> {
  const { requests, settings, sections, draft } = options;
  if (sections.every((section) => ON_ARRANGEMENTS.has(section))) draft.brews = requests.map(describeUnstarted);
  else await measureBrews(options);
  if (sections.some((section) => ON_ARRANGEMENTS.has(section)) && settings.arrangementPasses !== undefined) await arrange(options);
}

/** All sections that tell of the brews that were asked for. */
async function measureBrews(options: SectionsOptions): Promise<void> {
  const { requests, settings, sections, plan } = options;
  plan.begin('starting');
  const { stand, brews, stop } = await openStand(requests, REQUESTED_PATHS, options);
  options.draft.brews = await Promise.all(brews.map((brew) => describeBrew(brew, options)));
  if (sections.includes('comparison') && settings.tracedOrders > 0) await trace(brews, options);
  if (sections.includes('comparison')) await compare(stand, brews, options);
  if (sections.includes('saturation') && settings.saturation !== undefined) await saturate(stand, brews, { ...options, saturation: settings.saturation });
  if (sections.includes('comparison')) await start(stand, options);
  if (sections.includes('changes') && settings.changes !== undefined) await change(stand, brews, { ...options, changes: settings.changes });
  if (sections.includes('isolation') && settings.isolation !== undefined) await isolate(stand, brews, { ...options, isolation: settings.isolation });
  if (sections.includes('scaling') && settings.scaling !== undefined) await scale(stand, brews, { ...options, scaling: settings.scaling });
  if (sections.includes('blastRadius') && settings.blastRadius !== undefined) await breakParts(brews, { ...options, blastRadius: settings.blastRadius });
  await stop();
}

async function openStand(requests: readonly BrewRequest[], paths: readonly RequestedPath[], options: SectionsOptions): Promise<{ stand: Stand; brews: ReadyBrew[]; stop: () => Promise<void> }> {
  const { open, generator, limits, seed, plan, draft, begunAt } = options;
  const { brews, stop } = await open(requests, plan);
  const onRound: Stand['onRound'] = (round) => {
    draft.rounds.push({ ...round, startedAfterMs: performance.now() - begunAt - round.elapsedMs });
    if (round.void !== null) plan.tell(`void, ${round.path} of ${round.topology}: ${round.void}`);
  };
  await Promise.all(brews.map((brew) => warmUp(brew, paths, options)));
  return { stand: { generator, limits, shops: brews.map(({ shop }) => shop), seed, readHost: readHostUsage, onRound }, brews, stop };
}

/** A first turn of every path that measures nothing: code that has not run yet is compiled, and pools are filled. */
export async function warmUp(brew: Brew, paths: readonly RequestedPath[], { generator, settings, seed }: Pick<SectionsOptions, 'generator' | 'settings' | 'seed'>): Promise<void> {
  for (const path of paths) await generator.run(await jobOf(brew, { path, pace: { rate: settings.windows[path].ratePerSecond }, seconds: WARM_UP_SECONDS }, seed));
}

/** What can be told of a brew before it is under load. */
async function describeBrew(brew: ReadyBrew, { backends, settings, sections }: SectionsOptions): Promise<MeasuredBrew> {
  const bytes = async <T>(of: (group: OpenBrew['groups'][number]) => Promise<T>): Promise<Record<string, T>> => Object.fromEntries(await Promise.all(brew.groups.map(async (group) => [group.name, await of(group)] as const)));
  return {
    shop: brew.shop,
    windows: {},
    starts: [],
    perOrder: sections.includes('comparison') && settings.tracedOrders > 0 ? await countPerOrder(brew.shop.baseUrl, brew.prepared, settings.tracedOrders, brew) : { spans: [], logLines: [] },
    ...(backends === 'embedded' ? { codeBytes: await bytes(codeBytesOf) } : { imageBytes: await bytes(imageBytesOf) }),
  };
}

async function trace(brews: readonly ReadyBrew[], { plan, draft }: SectionsOptions): Promise<void> {
  plan.begin('one order traced');
  plan.tell('tracing one order in each brew');
  draft.trace = await traceOrders(brews.map(({ shop: { name, baseUrl }, prepared, spansOfOrder }) => ({ name, baseUrl, prepared, spansOfOrder })));
}

/** A brew that nothing is measured of. */
function describeUnstarted({ name, topology }: BrewRequest): MeasuredBrew {
  return { shop: { name, processes: parseTopology(topology).processes }, windows: {}, starts: [], perOrder: { spans: [], logLines: [] } };
}

async function compare(stand: Stand, brews: readonly ReadyBrew[], { settings: { passes, windows }, plan, draft }: SectionsOptions): Promise<void> {
  plan.begin('comparison');
  const all = passes * REQUESTED_PATHS.length * brews.length;
  let done = 0;
  await measurePasses({
    ...{ stand, brews, passes, windows },
    onWindow: (title) => { plan.tell(title, done++ / all); },
    onPass: (measured) => { draft.brews = draft.brews.map((brew, index) => ({ ...brew, windows: structuredClone(measured[index] ?? {}) })); },
  });
}

async function saturate(stand: Stand, brews: readonly ReadyBrew[], { saturation, plan, draft }: SectionsOptions & { saturation: SaturationSettings }): Promise<void> {
  plan.begin('saturation');
  await measureSaturation({
    ...{ stand, brews, settings: saturation },
    onStep: (title, share) => { plan.tell(title, share); },
    onMeasured: ({ saturations, kneeRssBytes }) => {
      draft.saturation = saturations;
      draft.brews = draft.brews.map((brew, index) => ({ ...brew, ...(kneeRssBytes[index] !== undefined && { kneeRssBytes: kneeRssBytes[index] }) }));
    },
  });
}

async function start({ shops, seed }: Stand, { settings: { starts }, backends, plan, draft }: SectionsOptions): Promise<void> {
  plan.begin('start-up');
  let done = 0;
  const onStart: Parameters<typeof measureStarts>[0]['onStart'] = (shop, index, fresh) => {
    plan.tell(`${shop.name} started again`, done++ / (starts * shops.length));
    draft.brews = draft.brews.map((brew, at) => (at === index ? { ...brew, starts: [...brew.starts, fresh] } : brew));
  };
  await measureStarts({ shops, starts, seed, othersRest: backends === 'embedded', onStart });
}

async function change({ seed }: Stand, brews: readonly ReadyBrew[], { changes, plan, undo, draft }: SectionsOptions & { changes: ChangesSettings }): Promise<void> {
  plan.begin('a change in one module');
  const ending = new AbortController();
  undo.add(() => {
    ending.abort();
    return Promise.resolve();
  });
  await measureChanges({
    brews: brews.map(({ shop, groups }, index) => ({ shop, groups, codeBytes: draft.brews[index]?.codeBytes ?? {} })),
    ...{ settings: changes, seed, signal: ending.signal },
    onStep: (title, share) => { plan.tell(title, share); },
    onMeasured: (measured) => { draft.changes = measured; },
  });
}

async function isolate(stand: Stand, brews: readonly ReadyBrew[], options: SectionsOptions & { isolation: IsolationSettings }): Promise<void> {
  const { isolation, plan, draft } = options;
  plan.begin('isolation');
  await measureIsolation({
    ...{ stand, brews, settings: isolation },
    warmUp: async () => { await Promise.all(brews.map((brew) => warmUp(brew, ['read'], options))); },
    onStep: (title, share) => { plan.tell(title, share); },
    onMeasured: (measured) => { draft.isolation = measured; },
  });
}

async function scale(stand: Stand, brews: readonly ReadyBrew[], { scaling, plan, draft }: SectionsOptions & { scaling: ScalingSettings }): Promise<void> {
  plan.begin('scaling');
  await measureScaling({
    ...{ stand, settings: scaling },
    brews: brews.flatMap(({ embedded, ...brew }) => (embedded === undefined ? [] : [{ ...brew, embedded }])),
    onStep: (title, share) => { plan.tell(title, share); },
    onMeasured: (measured) => { draft.scaling = measured; },
  });
}

async function breakParts(brews: readonly ReadyBrew[], { blastRadius, seed, plan, draft }: SectionsOptions & { blastRadius: BlastRadiusSettings }): Promise<void> {
  plan.begin('blast radius');
  await measureBlastRadius({
    ...{ brews, settings: blastRadius, seed },
    onStep: (title, share) => { plan.tell(title, share); },
    onMeasured: (measured) => { draft.blastRadius = measured; },
  });
}

async function arrange(options: SectionsOptions): Promise<void> {
  const { backends, settings, plan, draft } = options;
  plan.begin('taxes and dial');
  const { stand, brews, stop } = await openStand(arrangementsOf(backends), ['order'], { ...options, plan: { ...plan, begin: () => undefined } });
  let done = 0;
  const all = (settings.arrangementPasses ?? 1) * brews.length;
  await measureArrangements({
    ...{ stand, brews, settings, backends },
    onWindow: (title) => { plan.tell(title, done++ / all); },
    onMeasured: (measured) => { Object.assign(draft, measured); },
  });
  await stop();
}
