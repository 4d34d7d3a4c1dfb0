import { expect, test } from 'vitest';
import { LIMITS } from '../comparison-settings.ts';
import type { GeneratorJob, GeneratorResult } from '../generator/generator-protocol.ts';
import { simulatedStand, type SimulatedStand } from '../testing/simulated-stand.ts';
import { measureSaturation, type MeasuredSaturation } from './measure-saturation.ts';

/** What others have used of the machine so far, and a window's worth of a busy core. */
let othersMs = 0;
const BUSY_MS = 1e6;

type Job = Omit<GeneratorJob, 'id'>;

const SETTINGS = { passes: 1, paths: ['read'], concurrencies: [1, 2, 4, 8, 128], sweepSeconds: 1, probeSeconds: 2 } as const;
const CAPACITY: Readonly<Record<string, number>> = { a: 1_000, b: 500 };
const CALM = { p50Ms: 1, p99Ms: 2, maxMs: 3 };
const SLOW = { p50Ms: 400, p99Ms: 900, maxMs: 1_000 };

/** Bears so many a second; at 128 at once, and from 1,500 a second on, the generator is at its limit. */
function server(): (job: Job) => Partial<GeneratorResult> {
  return ({ origin, pace }) => {
    const capacity = CAPACITY[origin] ?? 0;
    if ('concurrency' in pace) return { throughput: Math.min(capacity, 200 * pace.concurrency), generatorCpuMs: pace.concurrency === 128 ? 900 : 100 };
    const latency = pace.rate > capacity ? SLOW : CALM;
    return { ...latency, generatorCpuMs: pace.rate > 1_500 ? 900 : 100, notified: { ...latency, buckets: [], count: 100, missing: 0, backlog: { middle: 0, end: 0 } } };
  };
}

/** The same, while others are busy in some of the windows. */
function disturbed(isDisturbed: (job: Job, tries: number) => boolean): (job: Job) => Partial<GeneratorResult> {
  const [serve, tries] = [server(), new Map<string, number>()];
  return (job) => {
    const window = JSON.stringify([job.origin, job.pace]);
    tries.set(window, (tries.get(window) ?? 0) + 1);
    if (isDisturbed(job, tries.get(window) ?? 0)) othersMs += BUSY_MS;
    return serve(job);
  };
}

const isFast = ({ pace }: Job): boolean => 'rate' in pace && pace.rate > 600;

async function measured(resultOf: (job: Job) => Partial<GeneratorResult>, settings: Parameters<typeof measureSaturation>[0]['settings'] = SETTINGS): Promise<MeasuredSaturation & Pick<SimulatedStand, 'rounds'> & { steps: string[] }> {
  const steps: string[] = [];
  const { stand, brews, rounds } = simulatedStand(['a', 'b'], resultOf);
  let all: MeasuredSaturation | undefined;
  await measureSaturation({ stand: { ...stand, limits: LIMITS, readHost: () => Promise.resolve({ busyMs: othersMs, stealMs: 0, totalMs: 0 }) }, brews, settings, onStep: (title) => { steps.push(title); }, onMeasured: (each) => { all = each; } });
  return { ...all!, rounds, steps };
}

test('when brews are driven once, then each has the knee that it bears, and one window at half of it', async () => {
  const { saturations } = await measured(server());
  expect(saturations.map(({ topology, path }) => `${topology} ${path}`)).toEqual(['a read', 'b read']);
  for (const { topology, knee } of saturations) {
    expect(knee).toMatchObject({ found: 'between', atHalf: { ratePerSecond: knee.ratePerSecond! / 2, p50Ms: 1, p99Ms: 2 } });
    expect(knee.ratePerSecond! / CAPACITY[topology]!).toBeGreaterThan(1 / 1.0301);
    expect(knee.searches ?? knee.atHalf?.windows).toBeUndefined();
  }
});

test('when the generator is at its limit in the closed loop, then that point is void, in the rounds too, and the law does without it', async () => {
  const { saturations, rounds } = await measured(server());
  const { points, fit } = saturations[0]!.closedLoop!;
  expect(points.map((point) => point.void === undefined)).toEqual([true, true, true, true, false]);
  expect(rounds.filter((round) => round.void !== null)).toHaveLength(2);
  const same = await measured(server(), { ...SETTINGS, concurrencies: [1, 2, 4, 8] });
  expect(fit).not.toBeNull();
  expect(fit).toEqual(same.saturations[0]!.closedLoop!.fit);
});

test('when the generator is at its limit before a brew is, then such probes neither hold nor fail', async () => {
  const strong = server();
  const { saturations } = await measured((job) => ({ ...strong(job), ...('rate' in job.pace && { ...CALM, throughput: job.pace.rate }) }));
  const { knee, probes } = saturations[0]!;
  expect(knee).toMatchObject({ found: 'generator', failedAtRatePerSecond: null });
  const beyond = probes.filter(({ ratePerSecond }) => ratePerSecond > 1_500);
  expect(beyond.length).toBeGreaterThan(0);
  expect(beyond.every(({ holds, broke, void: reason }) => holds === null && broke === null && reason !== undefined)).toBe(true);
});

test('when others are busy in a window, then that rate is tried again within the limits, and the knee is found', async () => {
  const { saturations, rounds } = await measured(disturbed((job, tries) => isFast(job) && tries <= LIMITS.repeats));
  expect(saturations[0]!.knee).toEqual((await measured(server())).saturations[0]!.knee);
  expect(saturations[0]!.probes.every((probe) => probe.void === undefined)).toBe(true);
  expect(rounds.some((round) => round.void !== null && round.attempt === LIMITS.repeats)).toBe(true);
});

test('when others stay busy, then that rate neither holds nor fails, and the search ends with what is known', async () => {
  const { saturations } = await measured(disturbed(isFast));
  const { knee, probes } = saturations[0]!;
  expect(probes.at(-1)).toMatchObject({ holds: null, broke: null, void: expect.stringContaining('other programs used ') });
  expect(knee).toMatchObject({ found: 'disturbed', failedAtRatePerSecond: null, ratePerSecond: probes.findLast(({ holds }) => holds)?.ratePerSecond ?? null });
});

test('when the window of one brew at half its knee stays void, then the pass is left out for all, so that pairs stay pairs', async () => {
  const isHalf = ({ pace }: Job): boolean => 'rate' in pace && Math.abs(pace.rate / 250 - 1) < 0.04;
  const { saturations } = await measured(disturbed((job) => job.origin === 'b' && isHalf(job)), { ...SETTINGS, passes: 2 });
  expect(saturations.map(({ knee }) => [knee.found, knee.atHalf])).toEqual([['between', null], ['between', null]]);
});

test('when there are several passes, then searches and windows at half the knee go there and back, the later searches from the knee on', async () => {
  const { saturations, steps } = await measured(server(), { ...SETTINGS, passes: 4 });
  const brewsOf = (words: RegExp): string => steps.filter((step) => words.test(step)).map((step) => step.charAt('read of '.length)).join('');
  expect(brewsOf(/each second/).replaceAll(/(.)\1+/g, '$1')).toBe('ababa');
  expect(brewsOf(/at half/)).toBe('abbaabba');
  for (const { knee, probes } of saturations) {
    expect(knee.searches?.each).toHaveLength(4);
    expect(knee.searches?.rates).toMatchObject({ n: 4, min: knee.ratePerSecond, max: knee.ratePerSecond });
    expect(knee.atHalf?.windows).toMatchObject({ p50Ms: { n: 4 }, p99Ms: { n: 4, median: 2 } });
    expect(probes.length).toBeLessThan(12 + 3 * 6);
  }
});

test('when orders are driven, then their notifications are as well, in shared windows', async () => {
  const { saturations, kneeRssBytes, steps } = await measured(server(), { ...SETTINGS, paths: ['order'] });
  expect(saturations.map(({ topology, path }) => `${topology} ${path}`)).toEqual(['a order', 'b order', 'a notified', 'b notified']);
  expect(steps.filter((step) => step.includes('each second')).length).toBeLessThan(saturations.reduce((sum, { probes }) => sum + probes.length, 0));
  expect(kneeRssBytes).toEqual([{ all: expect.any(Number) }, { all: expect.any(Number) }]);
});

test('when an overload leaves a backlog, then half the knee is measured when that is worked off', async () => {
  const [serve, waiting] = [server(), new Map([['a', 4], ['b', 4]])];
  const isHalf = ({ pace, origin }: Job): boolean => 'rate' in pace && Math.abs((2 * pace.rate) / (CAPACITY[origin] ?? 0) - 1) < 0.04;
  const { saturations } = await measured((job) => {
    const left = waiting.get(job.origin) ?? 0;
    if (isHalf(job)) waiting.set(job.origin, left - 1);
    return { ...serve(job), ...(isHalf(job) && left > 0 && SLOW) };
  });
  expect(saturations.map(({ knee }) => knee.atHalf?.p99Ms)).toEqual([2, 2]);
});

test('when a brew never comes to rest, then nothing is told of half its knee', async () => {
  const serve = server();
  const { saturations } = await measured((job) => ({ ...serve(job), ...(job.seconds < 1 && SLOW) }));
  expect(saturations.map(({ knee: { atHalf } }) => atHalf)).toEqual([null, null]);
});
