import { expect, test } from 'vitest';
import { complaintsOfMost } from './most-tries.ts';

test.each([
  ['all', [true, true, true, true], 4, 0],
  ['all but the first two', [false, false, true, true, true, true], 6, 0],
  ['all but the last but one', [true, true, true, false, true], 5, 0],
  ['every other one', [true, false, true, false, true, false], 6, 3],
  ['none', [false, false, false], 3, 3],
])('when %s passes, then it is tried until that is decided, and complained of only where three failed', async (_, passes, tries, complaints) => {
  const tried: number[] = [];
  const found = await complaintsOfMost((index) => {
    tried.push(index);
    return Promise.resolve(passes[index - 1] === true ? [] : [`try ${index}`]);
  });
  expect(tried).toHaveLength(tries);
  expect(found).toHaveLength(complaints);
});
