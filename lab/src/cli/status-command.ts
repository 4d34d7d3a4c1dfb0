import { Command } from 'commander';
import { isReady } from '../topology/child-program.ts';
import { connectControl } from './control-client.ts';
import { print } from './terminal.ts';
import { renderUp } from './up-text.ts';

export function statusCommand(): Command {
  return new Command('status').description('what is up, and whether it is ready').action(async () => {
    const control = await connectControl();
    if (control === undefined) {
      print('Nothing is up.');
      return;
    }
    for (const shop of control.state.shops) {
      const states = await Promise.all(shop.processes.map(async (process) => `${process.name} ${(await isReady(process.opsOrigin)) ? 'ready' : 'NOT READY'}`));
      print(`${shop.name}: ${states.join(', ')}`);
    }
    print(await renderUp(control.state));
  });
}
