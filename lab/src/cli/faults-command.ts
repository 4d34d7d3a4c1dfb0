import { relative } from 'node:path';
import { Command } from 'commander';
import { readEnvironment } from '../environment.ts';
import { LabError, UsageError } from '../errors.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';
import { createProgress, print } from './terminal.ts';
import { backendsOf, isKnownBrew, requireKnownBrews, type Backends } from './up-settings.ts';

interface FaultsFlags {
  topology?: string;
  backends?: string;
  only?: string;
  seed?: number;
  seeds: number;
  rate: number;
  full?: true;
  orders: number;
}

export function faultsCommand(): Command {
  return new Command('faults')
    .description('break every part of a running shop under load, and tell which journeys still work, how soon all is well, and whether an order was lost')
    .option('--topology <topology>', 'monolith, microservices, both, or groups such as "gateway+auth | orders+notifications" (default: TOPOLOGY, or both)')
    .option('--backends <backends>', 'embedded, or containers: real engines (default: BACKENDS, or containers where an engine answers)')
    .option('--only <faults>', 'such as F5,F6 (default: all)')
    .option('--seed <number>', 'of what is random (a random one unless told)', wholeNumber(0))
    .option('--seeds <number>', 'how many, one after another', wholeNumber(1), 1)
    .option('--rate <number>', 'orders per second', positiveNumber, 15)
    .option('--full', 'let faults last as long as the matrix says, up to a minute, and not a few seconds')
    .option('--orders <number>', 'until so many were accepted F18 goes on (default: as long as the matrix says)', wholeNumber(0), 0)
    .action(faults);
}

async function faults(flags: FaultsFlags): Promise<void> {
  const environment = readEnvironment();
  const topology = flags.topology ?? environment['TOPOLOGY'] ?? 'both';
  const topologies = topology === 'both' ? ['monolith', 'microservices'] : [parseTopology(topology).name];
  const backends = await backendsFor(flags.backends ?? environment['BACKENDS'], topologies);
  requireKnownBrews(backends, topologies);
  const [{ renderFaults, renderResult }, { runFaults }, { FAULTS }, { writeFaultsReport }] = await Promise.all([
    import('../faults/faults-table.ts'),
    import('../faults/run-faults.ts'),
    import('../faults/trials/index.ts'),
    import('../faults/write-faults-report.ts'),
  ]);
  const only = flags.only?.split(',').map((fault) => fault.trim().toUpperCase()) ?? FAULTS;
  const unknown = only.find((fault) => !FAULTS.includes(fault));
  if (unknown !== undefined) throw new UsageError(`--only: there is no fault "${unknown}"; there are ${FAULTS.join(', ')}`);
  const first = flags.seed ?? Math.floor(Math.random() * 1_000_000);
  const seeds = Array.from({ length: flags.seeds }, (_, index) => first + index);
  const progress = createProgress();
  const leftOut: { fault: string; brew: string }[] = [];
  print(`on ${backends} backends, ${topologies.join(' and ')}; ${flags.full === true ? 'faults last as long as the matrix says' : 'no fault lasts longer than a few seconds, whatever its name says'}`);
  const results = await runFaults({
    ...{ topologies, backends, only, seeds, rate: flags.rate, full: flags.full === true, orders: flags.orders },
    onProgress: progress,
    onResult: (result) => { print(renderResult(result).join('\n')); },
    onLeftOut: (fault, brew) => { leftOut.push({ fault, brew }); },
  });
  const brews = [...Map.groupBy(leftOut, ({ brew }) => brew)].map(([brew, rows]) => `${rows.map(({ fault }) => fault).join(', ')} (${brew})`);
  if (results.length === 0) throw new UsageError(`nothing was tried: on ${backends} backends there is nothing to break for ${brews.join(' and ')}`);
  print(renderFaults(results));
  if (brews.length > 0) print(`\nLeft out, as there is no such part on ${backends} backends: ${brews.join('; ')}`);
  const command = `npx doubleshot faults --topology "${topology}" --backends ${backends} --only ${only.join(',')} --seed ${first} --seeds ${flags.seeds} --rate ${flags.rate}${flags.full === true ? ' --full' : ''}${flags.orders > 0 ? ` --orders ${flags.orders}` : ''}`;
  const page = await writeFaultsReport({ backends, seeds, rate: flags.rate, full: flags.full === true, results }, command);
  print(`\nRun again: ${command}\nThe report: ${relative(process.cwd(), page)}`);
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length > 0) throw new LabError(`${failed.length} of ${results.length} trials did not pass: ${[...new Set(failed.map(({ fault, topology: name }) => `${fault} (${name})`))].join(', ')}`);
}

/** Real engines where there are any, for they have more that can break. */
async function backendsFor(wanted: string | undefined, topologies: readonly string[]): Promise<Backends> {
  if (wanted !== undefined && wanted !== '') return backendsOf({ BACKENDS: wanted });
  const { engineAnswers } = await import('../containers/docker.ts');
  return topologies.every(isKnownBrew) && (await engineAnswers()) ? 'containers' : 'embedded';
}
