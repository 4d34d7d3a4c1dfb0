import { describe, expect, test } from 'vitest';
import { LIMITS } from '../comparison-settings.ts';
import type { GeneratorJob } from '../generator/generator-protocol.ts';
import { simulatedStand, type SimulatedStand } from '../testing/simulated-stand.ts';
import { measurePasses, orderOfPass } from './measure-passes.ts';
import { measureWindow, voidReason } from './measure-window.ts';

const READ = { ratePerSecond: 100, seconds: 1 };

/** With a generator that needs as much CPU time as it is told. */
function standOf(names: readonly string[], cpuMsOf: (job: Omit<GeneratorJob, 'id'>, run: number) => number): SimulatedStand {
  let run = 0;
  return simulatedStand(names, (job) => ({ generatorCpuMs: cpuMsOf(job, (run += 1)) }));
}

describe('the order of brews', () => {
  test.each([
    [2, 0, [0, 1, 1, 0]],
    [2, 1, [1, 0, 0, 1]],
    [3, 0, [0, 1, 2, 2, 1, 0]],
    [3, 4, [1, 2, 0, 0, 2, 1]],
  ])('when %d brews are measured with seed %d, then two passes go %j', (brews, seed, order) => {
    expect([1, 2].flatMap((pass) => orderOfPass(brews, pass, seed))).toEqual(order);
  });
});

test('when every window counts, then each brew has one for each pass, and there is no other', async () => {
  const { stand, brews, rounds } = standOf(['a', 'b'], () => 100);
  const passes = await measurePasses({ stand, brews, passes: 3, windows: { read: READ } });
  expect(passes.map(({ read }) => read?.length)).toEqual([3, 3]);
  expect(rounds.map(({ pass, topology }) => `${pass}${topology}`)).toEqual(['1a', '1b', '2b', '2a', '3a', '3b']);
  expect(rounds.every((round) => round.void === null && round.attempt === 1)).toBe(true);
});

test('when the generator is busy once, then that window is void, kept with its reason, and measured again', async () => {
  const { stand, brews, rounds } = standOf(['a', 'b'], (_, run) => (run === 2 ? 900 : 100));
  const passes = await measurePasses({ stand, brews, passes: 2, windows: { read: READ } });
  expect(passes.map(({ read }) => read?.length)).toEqual([2, 2]);
  expect(rounds.filter((round) => round.void !== null)).toEqual([expect.objectContaining({ topology: 'b', attempt: 1, void: expect.stringContaining('the load generator used 0.90 of its core') })]);
  expect(rounds[2]).toMatchObject({ topology: 'b', attempt: 2, void: null });
});

test('when a window of one brew stays void, then the pass is left out for all, so that pairs stay pairs', async () => {
  const { stand, brews } = standOf(['a', 'b'], ({ origin }, run) => (origin === 'b' && run > 2 && run < 8 ? 900 : 100));
  const passes = await measurePasses({ stand, brews, passes: 4, windows: { read: READ } });
  expect(passes.map(({ read }) => read?.length)).toEqual([3, 3]);
});

test('when the generator is always at its limit, then no figure is given, and one sentence says what to do', async () => {
  const { stand, brews, rounds } = standOf(['a', 'b'], () => 990);
  await expect(measurePasses({ stand, brews, passes: 9, windows: { read: READ } })).rejects.toThrow(
    'no valid round could be had: the load generator used 0.99 of its core, more than 0.7: the figures would be its own; measure on a faster core, or at lower rates',
  );
  // Not nine passes: the first is enough to know.
  expect(rounds).toHaveLength(2 * (1 + LIMITS.repeats));
});

test('when more is asked for until somebody gives up, then a window at the limit of the generator is void, and not measured again', async () => {
  const { stand, brews, rounds } = standOf(['a'], () => 900);
  const { void: reason } = await measureWindow(stand, brews[0]!, { path: 'read', pace: { concurrency: 128 }, seconds: 1, pass: 0, toLimit: true });
  expect(reason).toContain('the load generator used 0.90 of its core');
  expect(rounds).toEqual([expect.objectContaining({ attempt: 1, void: reason })]);
});

test.each([
  [0.71, { strangerCores: 0, stealShare: 0 }, /load generator used 0\.71/],
  [0.1, { strangerCores: 0.4, stealShare: 0 }, /other programs used 0\.40 of a core, more than 0\.25/],
  [0.1, { strangerCores: 0, stealShare: 0.06 }, /gave 6 % of its time to others, more than 5 %/],
])('when the generator uses %d cores beside %j, then the window is void', (generatorCores, noise, reason) => {
  expect(voidReason(LIMITS, generatorCores, noise)).toMatch(reason);
});

test.each([{ strangerCores: 0.2, stealShare: 0.04 }, { strangerCores: null, stealShare: null }])('when the machine says %j, then the window counts', (noise) => {
  expect(voidReason(LIMITS, 0.69, noise)).toBeNull();
});
