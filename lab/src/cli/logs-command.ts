import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Command } from 'commander';
import { inheritedEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';
import { connectControl } from './control-client.ts';

export function logsCommand(): Command {
  return new Command('logs').argument('[process...]', 'names of processes; all unless told').description('follow what the processes that are up write, until Ctrl-C').action(followLogs);
}

async function followLogs(names: readonly string[]): Promise<void> {
  const control = await connectControl();
  if (control === undefined) throw new LabError('nothing is up: start the shop with `make up`');
  const { shops, containers } = control.state;
  const all = shops.flatMap((shop) => shop.processes);
  const unknown = names.find((name) => !all.some((process) => process.name === name));
  if (unknown !== undefined) throw new LabError(`no process "${unknown}" is up, only ${all.map(({ name }) => name).join(', ')}`);
  const wanted = all.filter(({ name }) => names.length === 0 || names.includes(name));
  const [program, ...args] =
    containers === undefined ? ['tail', '-n', '20', '-F', ...wanted.map(({ log }) => log)] : ['docker', 'compose', '--project-name', containers.project, 'logs', '--follow', '--tail', '20', ...wanted.map(({ name }) => name)];
  const following = spawn(program ?? '', args, { stdio: ['ignore', 'inherit', 'inherit'], env: inheritedEnvironment() });
  await once(following, 'exit');
}
