import { expect, test } from 'vitest';
import { lastOf, pinToLastCore } from './pin-to-core.ts';

test.each([
  ['0-3', 3],
  ['0,2', 2],
  ['0-1,6', 6],
  ['5', undefined],
])('when a process may use the cores %s, then the last of several is %s', (list, core) => {
  expect(lastOf(`Name:\tnode\nCpus_allowed_list:\t${list}\n`)).toBe(core);
});

test('when there is no such process, then nothing is pinned, and nothing breaks', async () => {
  expect(await pinToLastCore(2 ** 30)).toBeNull();
});
