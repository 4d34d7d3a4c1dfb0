import { relative } from 'node:path';
import { Command } from 'commander';
import { readEnvironment } from '../environment.ts';
import { LabError, UsageError } from '../errors.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';
import { createProgress, print } from './terminal.ts';
import { backendsOf, requireKnownBrews } from './up-settings.ts';

interface FaultsFlags {
  topology?: string;
  backends?: string;
  only?: string;
  seed?: number;
  seeds: number;
  rate: number;
  full?: true;
}

export function faultsCommand(): Command {
  return new Command('faults')
    .description('break every part of a running shop under load, and tell which journeys still work, how soon all is well, and whether an order was lost')
    .option('--topology <topology>', 'monolith, microservices, both, or groups such as "gateway+auth | orders+notifications" (default: TOPOLOGY, or both)')
    .option('--backends <backends>', 'embedded, or containers: real engines (default: BACKENDS, or embedded)')
    .option('--only <faults>', 'such as F5,F6 (default: all)')
    .option('--seed <number>', 'of what is random (a random one unless told)', wholeNumber(0))
    .option('--seeds <number>', 'how many, one after another', wholeNumber(1), 1)
    .option('--rate <number>', 'orders per second', positiveNumber, 15)
    .option('--full', 'let faults last as long as the matrix says, up to a minute, and not a few seconds')
    .action(faults);
}

async function faults(flags: FaultsFlags): Promise<void> {
  const environment = readEnvironment();
  const topology = flags.topology ?? environment['TOPOLOGY'] ?? 'both';
  const backends = backendsOf({ ...environment, ...(flags.backends !== undefined && { BACKENDS: flags.backends }) });
  const topologies = topology === 'both' ? ['monolith', 'microservices'] : [parseTopology(topology).name];
  requireKnownBrews(backends, topologies);
  const [{ renderFaults, renderResult }, { runFaults }, { FAULTS }, { venueOf }, { writeFaultsReport }] = await Promise.all([
    import('../faults/faults-table.ts'),
    import('../faults/run-faults.ts'),
    import('../faults/trials/index.ts'),
    import('../faults/venue.ts'),
    import('../faults/write-faults-report.ts'),
  ]);
  const only = flags.only?.split(',').map((fault) => fault.trim().toUpperCase()) ?? FAULTS;
  const unknown = only.find((fault) => !FAULTS.includes(fault));
  if (unknown !== undefined) throw new UsageError(`--only: there is no fault "${unknown}"; there are ${FAULTS.join(', ')}`);
  const left = only.filter((fault) => venueOf(fault, backends) === undefined);
  if (left.length > 0) print(`${left.join(' and ')}: only with --backends containers, left out`);
  const first = flags.seed ?? Math.floor(Math.random() * 1_000_000);
  const seeds = Array.from({ length: flags.seeds }, (_, index) => first + index);
  const progress = createProgress();
  const results = await runFaults({
    ...{ topologies, backends, only, seeds, rate: flags.rate, full: flags.full === true },
    onProgress: progress,
    onResult: (result) => { print(renderResult(result).join('\n')); },
  });
  print(renderFaults(results));
  const command = `npx doubleshot faults --topology "${topology}" --backends ${backends} --only ${only.join(',')} --seed ${first} --seeds ${flags.seeds} --rate ${flags.rate}${flags.full === true ? ' --full' : ''}`;
  const page = await writeFaultsReport({ backends, seeds, rate: flags.rate, full: flags.full === true, results }, command);
  print(`\nRun again: ${command}\nThe report: ${relative(process.cwd(), page)}`);
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length > 0) throw new LabError(`${failed.length} of ${results.length} trials did not pass: ${[...new Set(failed.map(({ fault, topology: name }) => `${fault} (${name})`))].join(', ')}`);
}
