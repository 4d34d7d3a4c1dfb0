import { expect, test } from 'vitest';
import { DEMO, FULL, QUICK, STANDARD } from './comparison-settings.ts';
import { FEWEST_FOR_P99 } from './statistics.ts';

test.each([DEMO, QUICK, STANDARD, FULL])('when a path is measured in the $form form, then a window has enough answers for a p99, but for log-ins', ({ windows }) => {
  const { login, ...others } = windows;
  const answers = Object.values(others).map(({ ratePerSecond, seconds }) => ratePerSecond * seconds);
  expect(Math.min(...answers)).toBeGreaterThanOrEqual(FEWEST_FOR_P99);
  expect(login.ratePerSecond * login.seconds).toBeGreaterThan(0);
});
