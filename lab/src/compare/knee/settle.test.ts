import { expect, test } from 'vitest';
import type { GeneratorResult } from '../generator/generator-protocol.ts';
import { simulatedStand } from '../testing/simulated-stand.ts';
import { settle } from './settle.ts';

const notified = (missing: number): Partial<GeneratorResult> => ({ notified: { count: 100 - missing, missing, backlog: { middle: 0, end: 0 }, p50Ms: 5, p99Ms: 10, maxMs: 20, buckets: [] } });

/** How often it was sent to, and whether it came to rest, when it is at rest from the given time on. */
async function settled(path: 'read' | 'order', restsAtTry: number, busy: Partial<GeneratorResult>): Promise<{ tries: number; rests: boolean; windows: number }> {
  let tries = 0;
  const { stand, brews, rounds } = simulatedStand(['a'], () => ((tries += 1) < restsAtTry ? { ...notified(0), ...busy } : notified(0)));
  const rests = await settle(stand, brews[0]!, path, 100);
  return { tries, rests, windows: rounds.length };
}

test.each([
  ['read', { p99Ms: 60 }],
  ['read', { p99Ms: null, maxMs: 60 }],
  ['read', { failed: 1 }],
  ['order', notified(1)],
] as const)('when a brew still gives %s as %j, then it is asked again until it does not, and none of that is measured', async (path, busy) => {
  expect(await settled(path, 4, busy)).toEqual({ tries: 4, rests: true, windows: 0 });
});

test('when it never comes to rest, then that is said', async () => {
  expect(await settled('read', Infinity, { failed: 1 })).toMatchObject({ rests: false });
});
