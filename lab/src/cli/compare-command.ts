import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { SECTIONS, type SectionName } from '../compare/report-schema.ts';
import { readEnvironment } from '../environment.ts';
import { UsageError } from '../errors.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';
import { createProgress, print } from './terminal.ts';
import { backendsOf, requireKnownBrews } from './up-settings.ts';

interface CompareFlags {
  topology?: string[];
  backends?: string;
  quick?: true;
  full?: true;
  only?: string;
  seed?: number;
  against?: string;
  prices?: string;
  noise?: number;
  out?: string;
}

export function compareCommand(): Command {
  return new Command('compare')
    .description('measure brews in turn under the same load, find how much each bears and what it costs, and write the report')
    .option('--topology <topology>', 'monolith, microservices, or groups such as "gateway+auth | orders+notifications"; once for each brew, the first is what the others are told against (default: TOPOLOGY, or both)', (value: string, all: string[] | undefined) => [...(all ?? []), value])
    .option('--backends <backends>', 'embedded, or containers: real engines (default: BACKENDS, or embedded)')
    .addOption(new Option('--quick', 'in a minute and a half: the comparison alone').conflicts('full'))
    .option('--full', 'longer windows, every section: what splitting and brokers cost apart, from one process to four; what splitting buys, part by part')
    .option('--only <sections>', `some of ${SECTIONS.join(', ')} (default: those that fit into the time of the form)`)
    .option('--seed <number>', 'decides which brew comes first, and what is ordered (a random one unless told)', wholeNumber(0))
    .option('--against <report>', 'an earlier compare.json of the same machine and settings: what has changed beyond the noise')
    .option('--prices <file>', 'prices of an hour of a core and of a GiB, as JSON')
    .option('--noise <cores>', 'how much of a core other programs may use before a window is void', positiveNumber)
    .option('--out <folder>', 'folder of the report (default: reports/latest)')
    .action(compare);
}

async function compare(flags: CompareFlags): Promise<void> {
  const environment = readEnvironment();
  const backends = backendsOf({ ...environment, ...(flags.backends !== undefined && { BACKENDS: flags.backends }) });
  const topologies = topologiesOf(flags.topology ?? [], environment['TOPOLOGY']);
  requireKnownBrews(backends, topologies);
  if (backends === 'containers' && new Set(topologies).size < topologies.length) throw new UsageError('--topology: in containers each brew can be named once');
  const only = sectionsOf(flags.only);
  const [{ runComparison }, { renderComparisonTable }, { formWith, FULL, hasSection, isMeasuredOn, LIMITS, QUICK, STANDARD }, { readPrices }, { commandOf }] = await Promise.all([
    import('../compare/run-comparison.ts'),
    import('../compare/comparison-table.ts'),
    import('../compare/comparison-settings.ts'),
    import('../compare/cost/price.ts'),
    import('../compare/report-commands.ts'),
  ]);
  const settings = flags.full === true ? FULL : flags.quick === true ? QUICK : STANDARD;
  const missing = only?.find((section) => !hasSection(settings, section));
  if (missing !== undefined) throw new UsageError(`--only: ${missing} is not in this form; ${formWith(missing, settings.form) === 'full' ? 'add --full' : 'leave out --quick'}`);
  const elsewhere = only?.find((section) => !isMeasuredOn(backends, section));
  if (elsewhere !== undefined) throw new UsageError(`--only: ${elsewhere} is measured on embedded backends alone`);
  const asked = { topologies, backends, form: settings.form, ...(flags.prices !== undefined && { prices: flags.prices }), ...(flags.noise !== undefined && { noise: flags.noise }) };
  const { report, htmlPath, jsonPath, markdownPath } = await runComparison({
    ...{ topologies, backends, settings, onProgress: createProgress() },
    ...(only !== undefined && { sections: only }),
    ...(flags.noise !== undefined && { limits: { ...LIMITS, strangerCores: flags.noise } }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.out !== undefined && { folder: flags.out }),
    ...(flags.against !== undefined && { against: flags.against }),
    ...(flags.prices !== undefined && { prices: await readPrices(flags.prices) }),
    commands: (seed) => ({ command: commandOf({ ...asked, seed }, only), commands: Object.fromEntries(SECTIONS.filter((section) => isMeasuredOn(backends, section)).map((section) => [section, commandOf({ ...asked, form: formWith(section, asked.form), seed }, [section])])) }),
  });
  print(`\n${renderComparisonTable(report)}\n\nThe report: ${shown(htmlPath)}\nThe figures: ${shown(jsonPath)}\nFor a pull request: ${shown(markdownPath)}\nMeasure again: ${report.command}`);
}

function topologiesOf(named: readonly string[], environment: string | undefined): string[] {
  const wanted = named.length > 0 ? named : [environment ?? 'both'];
  const topologies = wanted.flatMap((topology) => (topology === 'both' ? ['monolith', 'microservices'] : [parseTopology(topology).name]));
  if (topologies.length < 2) throw new UsageError(`a comparison needs two brews, not "${topologies.join()}" alone: give --topology twice`);
  return topologies;
}

function sectionsOf(text: string | undefined): SectionName[] | undefined {
  return text?.split(',').map((name) => {
    const found = SECTIONS.find((section) => section === name.trim());
    if (found === undefined) throw new UsageError(`--only: there is no section "${name.trim()}"; there are ${SECTIONS.join(', ')}`);
    return found;
  });
}

function shown(path: string): string {
  return relative(process.cwd(), path);
}
