import { Command } from 'commander';
import { LabError } from '../errors.ts';
import { connectControl } from './control-client.ts';
import { print } from './terminal.ts';

const TIMEOUT_MS = 30_000;

export function replayCommand(): Command {
  return new Command('replay')
    .argument('<source>', 'a queue, topic or outbox, for example notifications.email, orders.v1 or outbox.orders')
    .description('have parked messages handled again, in every process of the shop that is up that reads the source')
    .action(replay);
}

async function replay(source: string): Promise<void> {
  const control = await connectControl();
  if (control === undefined) throw new LabError('nothing is up: start the shop with `make up`');
  let known = false;
  for (const shop of control.state.shops) {
    for (const process of shop.processes) {
      const response = await fetch(`${process.opsOrigin}/parked/${encodeURIComponent(source)}/replay`, { method: 'POST', signal: AbortSignal.timeout(TIMEOUT_MS) });
      const body = await response.text();
      if (response.status === 404) continue;
      if (!response.ok) throw new LabError(`${process.name} of ${shop.name} answered ${response.status}: ${body}`);
      known = true;
      print(`${shop.name}, ${process.name}: ${body}`);
    }
  }
  if (!known) throw new LabError(`no process that is up reads "${source}"`);
}
