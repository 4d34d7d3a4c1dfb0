import { expect, test } from 'vitest';
import { createSeenAnswers, declaredAnswers } from './declared-answers.ts';

const WHOLE = { files: 20, ran: 20, failed: 0, picked: false };
const DECLARED = ['getOrder 200', 'getOrder order_not_found'];

test('when every declared answer was seen in every topology, then it says how many were checked', () => {
  const seen = createSeenAnswers(['monolith', 'microservices'], DECLARED);
  for (const topology of ['monolith', 'microservices']) seen.add(topology, [...DECLARED, 'getOrder 304']);
  expect(seen.check(WHOLE)).toBe('answers checked: 4 of 4');
});

test('when one answer was not seen in one topology, then it is named', () => {
  const seen = createSeenAnswers(['monolith', 'microservices'], DECLARED);
  seen.add('monolith', DECLARED);
  seen.add('microservices', DECLARED.slice(1));
  expect(() => seen.check(WHOLE)).toThrow(/^declared in the contracts, but seen by no test:\n {2}getOrder 200 \[microservices\]$/);
});

test.each([
  [{ picked: true }, 'tests were picked by name'],
  [{ ran: 19 }, '19 of 20 test files ran'],
  [{ failed: 2 }, 'tests failed in 2 of 20 files'],
])('when the level did not run as a whole (%o), then it says why nothing was checked', (part, why) => {
  expect(createSeenAnswers(['monolith'], DECLARED).check({ ...WHOLE, ...part })).toBe(`answers not checked: ${why}`);
});

test('when nothing is said, then what the contracts declare is expected', () => {
  expect(declaredAnswers()).toEqual(expect.arrayContaining(['placeOrder 201', 'placeOrder idempotency_key_missing', 'placeOrder token_missing', 'changeMenuItem forbidden']));
  expect(() => createSeenAnswers(['monolith']).check(WHOLE)).toThrow(`\n  ${declaredAnswers().at(-1)!} [monolith]`);
});
