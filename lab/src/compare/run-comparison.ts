import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FOLDER } from '../paths.ts';
import { startShop } from '../topology/start-shop.ts';
import { createUndo } from '../topology/undo.ts';
import { SHOP_SETTINGS, SHORT_FORM, type ComparisonSettings } from './comparison-settings.ts';
import { startGenerator, type Generator } from './generator.ts';
import { measureTurn, warmUp, type TurnMeasurement } from './measure-turn.ts';
import type { MeasuredShop } from './measured-shop.ts';
import { describeCpuSource, describeEnvironment } from './measuring-environment.ts';
import { prepareBrew } from './prepare-brew.ts';
import { renderReportPage } from './page/report-page.ts';
import { ComparisonReport } from './report-schema.ts';
import { readShopUsage } from './shop-usage.ts';
import { summarizeGenerator, summarizeTopology, type FreshStart } from './summarize.ts';
import { judge } from './verdict.ts';
import { warningsOf } from './warnings.ts';

export interface ComparisonOptions {
  topologies?: readonly [string, string];
  settings?: ComparisonSettings;
  /** Which brew has the first turn: the second if it is odd. By chance unless told. */
  seed?: number;
  /** Folder of `index.html` and `compare.json`. */
  folder?: string;
  /** What to print as the way to measure again. */
  command?: string;
  /** One line on what happens now, and how far it is, 0 to 1. */
  onProgress?: (message: string, share: number) => void;
}

export interface Comparison {
  report: ComparisonReport;
  htmlPath: string;
  jsonPath: string;
}

/** Measures two brews in turn under the same load and writes the report. */
export async function runComparison(options: ComparisonOptions = {}): Promise<Comparison> {
  const begin = performance.now();
  const topologies = options.topologies ?? ['monolith', 'microservices'];
  const progress = (message: string, share: number): void => options.onProgress?.(message, share);
  const undo = createUndo();
  try {
    // A PostgreSQL server for each: what one brew does there while the other is measured is not billed to the other.
    const starting = topologies.map((topology) => startShop({ topology, env: SHOP_SETTINGS, onProgress: (message) => { progress(message, 0); } }));
    undo.add(async () => { await Promise.all(starting.map(async (shop) => (await shop.catch(() => undefined))?.stop())); });
    const measured = await measureShops(await Promise.all(starting), { settings: options.settings ?? SHORT_FORM, seed: options.seed ?? randomInt(SEEDS), progress });
    const report = ComparisonReport.parse({ ...measured, measuredAt: new Date().toISOString(), elapsedMs: performance.now() - begin, command: options.command ?? 'npx doubleshot compare' });
    return await writeReport(report, options.folder ?? REPORT_FOLDER);
  } finally {
    await undo.run();
  }
}

const SEEDS = 1_000_000;
const OTHER = [1, 0] as const;

type Measured = Omit<ComparisonReport, 'measuredAt' | 'elapsedMs' | 'command'>;

interface Conditions {
  settings: ComparisonSettings;
  seed: number;
  progress: (message: string, share: number) => void;
}

async function measureShops(shops: readonly MeasuredShop[], { settings: asked, seed, progress }: Conditions): Promise<Measured> {
  const settings = { ...asked, turns: asked.turns.map((index) => (seed % 2 === 0 ? index : OTHER[index])) };
  const [first, second] = shops;
  if (first === undefined || second === undefined) throw new TypeError('a comparison needs two shops');
  const generator = startGenerator();
  try {
    const turns = await measureTurns([first, second], { settings, generator, progress });
    const starts = [await observeRestart(first, second, progress), await observeRestart(second, first, progress)];
    return summarize([first, second], { settings, seed, turns, starts });
  } finally {
    await generator.close();
  }
}

interface Turns {
  settings: ComparisonSettings;
  generator: Generator;
  progress: (message: string, share: number) => void;
}

async function measureTurns(shops: readonly [MeasuredShop, MeasuredShop], { settings, generator, progress }: Turns): Promise<TurnMeasurement[]> {
  progress('registering customers', 0);
  const brews = [await prepareBrew(shops[0].baseUrl, settings.customers), await prepareBrew(shops[1].baseUrl, settings.customers)];
  progress('warming both up', 0);
  await Promise.all(brews.map((brew, index) => warmUp({ shop: shops[index] ?? shops[0], brew, generator, settings })));
  const turns: TurnMeasurement[] = [];
  for (const [number, index] of settings.turns.entries()) {
    const [shop, brew] = [shops[index], brews[index]];
    if (brew === undefined) throw new TypeError('a turn names a brew that is not there');
    const onPath = (path: string): void => { progress(`${shop.name}: ${path} (turn ${number + 1} of ${settings.turns.length})`, number / settings.turns.length); };
    turns.push(await measureTurn({ shop, brew, generator, settings, onPath }));
  }
  return turns;
}

/** Starts a brew again, on a database that is set up already, while the other one rests. */
async function observeRestart(shop: MeasuredShop, resting: MeasuredShop, progress: Conditions['progress']): Promise<FreshStart[]> {
  await Promise.all(resting.processes.map((process) => process.kill('SIGSTOP')));
  try {
    progress(`${shop.name}: starting again`, 1);
    await Promise.all(shop.processes.map((process) => process.restart()));
    return [await observeStart(shop)];
  } finally {
    await Promise.all(resting.processes.map((process) => process.kill('SIGCONT')));
  }
}

/** Right after a start: memory has not grown with load yet. */
async function observeStart(shop: MeasuredShop): Promise<FreshStart> {
  const { rssBytes } = await readShopUsage(shop);
  return { rssBytes, readyAfterMs: Object.fromEntries(shop.processes.map(({ name, readyAfterMs }) => [name, readyAfterMs])) };
}

interface Observed {
  settings: ComparisonSettings;
  seed: number;
  turns: readonly TurnMeasurement[];
  starts: readonly (readonly FreshStart[])[];
}

function summarize(shops: readonly [MeasuredShop, MeasuredShop], { settings, seed, turns, starts }: Observed): Measured {
  const [a, b] = shops.map((shop, index) => summarizeTopology(shop, turns.filter((_, turn) => settings.turns[turn] === index), starts[index] ?? []));
  if (a === undefined || b === undefined) throw new TypeError('a comparison needs two shops');
  const generatorCores = summarizeGenerator(turns);
  return {
    schemaVersion: 2,
    form: settings.form,
    environment: describeEnvironment(),
    settings: {
      ...{ seed, customers: settings.customers, brewTimeScale: Number(SHOP_SETTINGS.BREW_TIME_SCALE), cpuSource: describeCpuSource() },
      ...{ passes: settings.turns.length / 2, windows: settings.windows },
      limits: { generatorCores: 1, strangerCores: 2, stealShare: 1, repeats: 0 },
      objectives: { p99Ms: {}, errorShare: 0.001, tolerance: 0.03 },
      prices: { currency: 'USD', vcpuHour: 0, gibHour: 0, source: 'none' },
    },
    commands: {},
    rounds: [],
    saturation: [],
    topologies: [a, b],
    generatorCores,
    verdicts: judge([a, b]),
    warnings: warningsOf([a, b], generatorCores),
  };
}

async function writeReport(report: ComparisonReport, folder: string): Promise<Comparison> {
  await mkdir(folder, { recursive: true });
  const htmlPath = join(folder, 'index.html');
  const jsonPath = join(folder, 'compare.json');
  await writeFile(jsonPath, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(htmlPath, renderReportPage(report, { hasTrace: existsSync(join(folder, 'trace.html')) }));
  return { report, htmlPath, jsonPath };
}
