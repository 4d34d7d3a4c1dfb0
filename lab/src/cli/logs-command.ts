import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { readLog } from '../containers/read-log.ts';
import { inheritedEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';
import { connectControl } from './control-client.ts';
import { linesAbout, renderLines } from './lines-about.ts';
import { print } from './terminal.ts';
import type { UpState } from './up-state.ts';

type LoggingProcess = UpState['shops'][number]['processes'][number];

export function logsCommand(): Command {
  return new Command('logs')
    .argument('[process...]', 'names of processes; all unless told')
    .option('--about <id>', 'print what was written about an order, a user, a message or a trace, with all else of its traces, in order of time')
    .description('follow what the processes that are up write, until Ctrl-C')
    .action(showLogs);
}

async function showLogs(names: readonly string[], { about }: { about?: string }): Promise<void> {
  const control = await connectControl();
  if (control === undefined) throw new LabError('nothing is up: start the shop with `make up`');
  const { shops, containers } = control.state;
  const all = shops.flatMap((shop) => shop.processes);
  const unknown = names.find((name) => !all.some((process) => process.name === name));
  if (unknown !== undefined) throw new LabError(`no process "${unknown}" is up, only ${all.map(({ name }) => name).join(', ')}`);
  const wanted = all.filter(({ name }) => names.length === 0 || names.includes(name));
  if (about === undefined) await follow(wanted, containers);
  else await printAbout(about, wanted);
}

async function follow(wanted: readonly LoggingProcess[], containers: UpState['containers']): Promise<void> {
  const [program, ...args] =
    containers === undefined ? ['tail', '-n', '20', '-F', ...wanted.map(({ log }) => log)] : ['docker', 'compose', '--project-name', containers.project, 'logs', '--follow', '--tail', '20', ...wanted.map(({ name }) => name)];
  const following = spawn(program ?? '', args, { stdio: ['ignore', 'inherit', 'inherit'], env: inheritedEnvironment() });
  await once(following, 'exit');
}

async function printAbout(id: string, wanted: readonly LoggingProcess[]): Promise<void> {
  const logs = await Promise.all(wanted.map(readLog));
  const lines = linesAbout(id, logs.flatMap((log) => log.split('\n')));
  if (lines.length === 0) throw new LabError(`no line of ${wanted.map(({ name }) => name).join(', ')} names ${id}`);
  print(renderLines(lines));
}
