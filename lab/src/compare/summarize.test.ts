import { expect, test } from 'vitest';
import { summarizeTopology, type MeasuredBrew } from './summarize.ts';

const shop = { name: 'both', processes: ['gateway', 'orders'].map((name) => ({ name, modules: [name], pid: 1, readyAfterMs: 0, restart: () => Promise.resolve(), kill: () => Promise.resolve() })) };
const brew = (sizes: Pick<MeasuredBrew, 'codeBytes' | 'imageBytes'>): ReturnType<typeof summarizeTopology> => summarizeTopology({ shop, windows: {}, starts: [], perOrder: { spans: [], logLines: [] }, ...sizes }, { windows: {}, stepMs: 0 });

test('when the code of each process was weighed, then the brew has the sum, of what a start reads and of all', () => {
  const { codeBytes, processes } = brew({ codeBytes: { gateway: { start: 10, total: 30 }, orders: { start: 20, total: 50 } } });
  expect(codeBytes).toEqual({ start: 30, total: 80 });
  expect(processes.map((process) => process.codeBytes?.start)).toEqual([10, 20]);
});

test('when code or images were not weighed, then they are unknown and not of 0 bytes', () => {
  const { codeBytes, imageBytes, processes } = brew({});
  expect([codeBytes, imageBytes, ...processes.map((process) => process.codeBytes)]).toEqual([undefined, undefined, undefined, undefined]);
});
