import { expect, test } from 'vitest';
import { complaintsOfMost } from './most-tries.ts';

test.each([
  ['all', [true, true, true, true], 4, 0],
  ['all but the first', [false, true, true, true, true], 5, 0],
  ['all but the last', [true, true, true, false, true], 5, 0],
  ['every other one', [true, false, true, false], 4, 2],
  ['none', [false, false], 2, 2],
])('when %s passes, then it is tried until that is decided, and complained of only where two failed', async (_, passes, tries, complaints) => {
  const tried: number[] = [];
  const found = await complaintsOfMost((index) => {
    tried.push(index);
    return Promise.resolve(passes[index - 1] === true ? [] : [`try ${index}`]);
  });
  expect(tried).toHaveLength(tries);
  expect(found).toHaveLength(complaints);
});
