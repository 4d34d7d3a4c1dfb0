import { endedContainers } from '../../containers/ended-containers.ts';
import { rollingRestart } from '../../containers/rolling-restart.ts';
import type { RunningShop } from '../../topology/shop.ts';
import type { Trial } from '../trial.ts';

const ROUNDS = 10;
const QUICK_ROUNDS = 1;

/** F13: every replica of every process is restarted, one after the other, behind Nginx; none of the containers of the project ends by itself meanwhile. */
export function rollingRestarts({ processes }: RunningShop, project: string): Trial[] {
  return [
    {
      fault: 'F13',
      name: 'rolling restart behind Nginx',
      inflict: async ({ full, onProgress }) => {
        const rounds = full ? ROUNDS : QUICK_ROUNDS;
        await rollingRestart(processes, { rounds, onRestart: ({ name }) => { onProgress(`restarting ${name}`); } });
        return { kills: rounds * processes.length, notes: [`${rounds} × ${processes.length} restarts`], faults: await endedContainers(project) };
      },
      expects: { works: ['menu', 'log in', 'order', 'look'] },
    },
  ];
}
