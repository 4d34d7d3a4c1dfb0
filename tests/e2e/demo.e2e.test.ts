import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnClone, type OwnClone } from '../../lab/src/testing/own-clone.ts';

const REPORTS = ['index.html', 'trace.html'];

let clone: OwnClone;
beforeAll(async () => { clone = await createOwnClone(); });
afterAll(() => clone.remove());

test('two demos at once both succeed, write both pages, and leave nothing behind', async () => {
  const ends = await Promise.all([clone.run(['demo']), clone.run(['demo'])]);
  expect(ends.map(({ code, output, errors }) => (code === 0 ? 'succeeded' : output + errors))).toEqual(['succeeded', 'succeeded']);
  const reports = join(dirname(clone.stateFile), '../reports/latest');
  expect(REPORTS.filter((page) => !existsSync(join(reports, page)))).toEqual([]);
  const origins = ends.flatMap(({ output }) => [...output.matchAll(/^(?:monolith|microservices) at (http:\S+):/gm)].map(([, origin]) => origin ?? ''));
  expect(origins).toHaveLength(4);
  expect(new Set(origins).size).toBe(4);
  for (const origin of origins) await expect(fetch(origin)).rejects.toThrow('fetch failed');
  expect(await clone.leftovers()).toEqual([]);
});
