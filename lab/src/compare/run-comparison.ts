import { randomInt } from 'node:crypto';
import { relative } from 'node:path';
import { REPORT_FOLDER, ROOT } from '../paths.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { createUndo } from '../topology/undo.ts';
import { changesSince } from './against/changes-since.ts';
import { readEarlier, requireComparable } from './against/earlier.ts';
import type { BrewConditions } from './brew-conditions.ts';
import { buildReport, describeSettings, type ReportConditions } from './build-report.ts';
import { LIMITS, sectionsOn, STANDARD, type ComparisonSettings, type RoundLimits } from './comparison-settings.ts';
import { LIST_PRICES } from './cost/price.ts';
import { startGenerator } from './generator/generator.ts';
import { measureSections, type Draft, type SectionsOptions } from './measure-sections.ts';
import { describeMachine, describeShops } from './measuring-environment.ts';
import type { BackendsKind, BrewRequest } from './open-brews.ts';
import { openReadyBrews } from './ready-brews.ts';
import { followPlan, planOf, type PlanProgress } from './plan.ts';
import { ComparisonReport, type Prices, type SectionName } from './report-schema.ts';
import { isCpuTimeExact } from './usage/process-usage.ts';
import { writeReport, type WrittenReport } from './write-report.ts';

export interface ComparisonOptions {
  /** The first is what the others are told against; one named twice is compared with itself. */
  topologies?: readonly string[];
  backends?: BackendsKind;
  settings?: ComparisonSettings;
  /** Those of the settings that can be measured on these backends, unless told. */
  sections?: readonly SectionName[];
  limits?: RoundLimits;
  /** Decides which brew comes first, and what is ordered. By chance unless told. */
  seed?: number;
  prices?: Prices;
  /** An earlier `compare.json`, to say what has changed. */
  against?: string;
  /** Folder of the report. */
  folder?: string;
  /** What to print as the ways to measure again, with the seed. */
  commands?: (seed: number) => Pick<ComparisonReport, 'command' | 'commands'>;
  /** One line on what happens now, and how long the rest takes. */
  onProgress?: (message: string) => void;
}

const SEEDS = 1_000_000;

/** Measures brews in turn under the same load and writes the report; a partial one when it is ended before its time. */
export async function runComparison(options: ComparisonOptions = {}): Promise<WrittenReport> {
  const begunAt = performance.now();
  const { backends = 'embedded', settings = STANDARD, limits = LIMITS, prices = LIST_PRICES, seed = randomInt(SEEDS) } = options;
  const sections = options.sections ?? sectionsOn(backends, settings);
  const requests = requestsOf(options.topologies ?? ['monolith', 'microservices']);
  const known = { settings, limits, prices, seed, exactCpuTime: await isCpuTimeExact() };
  const earlier = options.against === undefined ? undefined : await readEarlier(options.against);
  const environment = describeMachine({ backends, generatorCore: null });
  const compareWith = (asked: readonly BrewConditions[]): void => {
    if (earlier !== undefined) requireComparable(earlier, { form: settings.form, environment: { ...environment, ...(asked.length > 0 && describeShops(asked, backends)) }, settings: describeSettings(known), topologies: requests });
  };
  compareWith([]);
  const progress = (message: string): void => options.onProgress?.(message);
  const plan = followPlan(planOf({ settings, brews: requests.length, backends, sections }), progress);
  const draft: Draft = { asked: [], brews: [], rounds: [], saturation: [] };
  const onAsked = (brews: readonly BrewConditions[]): void => {
    draft.asked.push(...brews);
    compareWith(brews);
  };
  const [undo, partial] = [createUndo(), createUndo()];
  try {
    const generator = await startGenerator();
    undo.add(generator.close);
    const conditions = { ...known, backends, generatorCore: generator.core };
    const report = (partly?: ComparisonReport['partial']): Promise<WrittenReport> => write({ draft, conditions, earlier, begunAt, options, ...(partly !== undefined && { partly }) });
    partial.add(async () => { await writePartial({ draft, plan, report, progress }); });
    const open: SectionsOptions['open'] = (wanted, progressOf) => openReadyBrews(wanted, { backends, customers: settings.customers, plan: progressOf, undo, onAsked });
    await measureSections({ requests, open, backends, settings, sections, limits, seed, generator, plan, undo, draft, begunAt });
    partial.forget();
    return await report();
  } catch (error) {
    await partial.run();
    throw error;
  } finally {
    await undo.run();
  }
}

/** Each under a name of its own. */
export function requestsOf(topologies: readonly string[]): BrewRequest[] {
  const names = topologies.map((topology) => parseTopology(topology).name);
  return names.map((topology, index) => {
    const earlier = names.slice(0, index).filter((other) => other === topology).length;
    return { name: earlier === 0 ? topology : `${topology} (${earlier + 1})`, topology, messaging: 'fitting' };
  });
}

interface Writing {
  draft: Draft;
  conditions: ReportConditions;
  earlier: ComparisonReport | undefined;
  begunAt: number;
  options: ComparisonOptions;
  partly?: ComparisonReport['partial'];
}

async function write({ draft, conditions, earlier, begunAt, options, partly }: Writing): Promise<WrittenReport> {
  const body = buildReport(draft, conditions);
  const report = ComparisonReport.parse({
    ...body,
    measuredAt: new Date().toISOString(),
    elapsedMs: performance.now() - begunAt,
    ...(options.commands?.(conditions.seed) ?? { command: 'npx doubleshot compare', commands: {} }),
    ...(partly !== undefined && { partial: partly }),
    ...(earlier !== undefined && { since: changesSince(earlier, body) }),
  });
  return writeReport(report, options.folder ?? REPORT_FOLDER);
}

interface PartialWriting {
  draft: Draft;
  plan: PlanProgress;
  report: (partial: ComparisonReport['partial']) => Promise<WrittenReport>;
  progress: (message: string) => void;
}

/** What was measured until then is worth as much as before, if it is marked. */
async function writePartial({ draft, plan, report, progress }: PartialWriting): Promise<void> {
  if (draft.rounds.length === 0 && draft.changes === undefined && draft.blastRadius === undefined) return;
  const { htmlPath } = await report({ reason: 'it was ended before its time', missing: plan.missing() });
  progress(`what was measured so far, marked as partial: ${relative(ROOT, htmlPath)}`);
}
