import { expect, test } from 'vitest';
import type { MeasuredProcess, MeasuredShop } from '../method/measured-shop.ts';
import { parseTopology } from '../../topology/parse-topology.ts';
import { breakagesOf } from './breakages.ts';

/** A shop that only keeps what was done to it, and the blockers of its processes. */
function noting(topology: string): { done: string[]; breakages: ReturnType<typeof breakagesOf> } {
  const done: string[] = [];
  const note = (what: string) => (): Promise<void> => Promise.resolve(void done.push(what));
  const { name, processes } = parseTopology(topology);
  const process = (group: { name: string; modules: readonly string[] }): MeasuredProcess => ({ ...group, pid: 1, readyAfterMs: 1, restart: note(`start ${group.name}`), kill: (signal) => note(`${signal} ${group.name}`)() });
  const shop: MeasuredShop = { name, baseUrl: '', backends: [], processes: processes.map(process) };
  const database = { pid: 1, port: 1, folder: '', url: () => '', crash: note('crash'), start: note('start PostgreSQL'), stop: note('stop') };
  const blockers = new Map(processes.map((group) => [group.name, { variables: {}, block: note(`block ${group.name}`), release: note(`release ${group.name}`) }]));
  return { done, breakages: breakagesOf({ shop, embedded: { database } }, blockers) };
}

test('when every part is broken, then it is each process in two ways, with all of its modules, and the database', () => {
  const titles = (topology: string): string[] => noting(topology).breakages.map(({ parts, fault }) => `${parts.join('+')} ${fault}`);
  expect(titles('monolith')).toEqual(['gateway+auth+orders+notifications killed', 'gateway+auth+orders+notifications event loop blocked', 'PostgreSQL down']);
  expect(titles('microservices')).toHaveLength(4 * 2 + 1);
});

test('when a part is broken and mended, then that part alone is', async () => {
  const { done, breakages } = noting('gateway+auth | orders+notifications');
  for (const { parts, inflict, mend } of breakages) {
    if (parts.includes('gateway')) continue;
    await inflict();
    await mend();
  }
  expect(done).toEqual(['SIGKILL orders+notifications', 'start orders+notifications', 'block orders+notifications', 'release orders+notifications', 'crash', 'start PostgreSQL']);
});
