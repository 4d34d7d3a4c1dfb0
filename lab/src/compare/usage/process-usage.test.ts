import { expect, test } from 'vitest';
import { parsePs, parseStatCpuMs, parseStatusRss, readProcessUsage } from './process-usage.ts';

test('when a process name holds blanks and brackets, then its CPU time is still read', () => {
  expect(parseStatCpuMs('42 (a (b) c) S 1 42 42 0 -1 4194304 96 0 0 0 150 25 7 8 20 0 1 0 276717')).toBe(1750);
});

test('when memory is read, then it is in bytes', () => {
  expect(parseStatusRss('Name:\tnode\nVmRSS:\t   2048 kB\nRssAnon:\t 1 kB\n')).toBe(2_097_152);
});

test.each([
  ['  0:01.25  4096\n', 1250],
  ['01:02:03  4096\n', 3_723_000],
  ['2-00:00:01  4096\n', 172_801_000],
])('when ps says %j, then the time is %d ms', (line, cpuMs) => {
  expect(parsePs(line)).toEqual({ cpuMs, rssBytes: 4_194_304 });
});

test('when this process works, then its CPU time grows by about that', async () => {
  const before = await readProcessUsage(process.pid);
  const own = process.cpuUsage();
  const until = performance.now() + 200;
  let work = 0;
  while (performance.now() < until) work += 1;
  const { user, system } = process.cpuUsage(own);
  const after = await readProcessUsage(process.pid);
  expect(work).toBeGreaterThan(0);
  expect(Math.abs(after.cpuMs - before.cpuMs - (user + system) / 1000)).toBeLessThan(60);
  expect(after.rssBytes).toBeGreaterThan(10_000_000);
});
