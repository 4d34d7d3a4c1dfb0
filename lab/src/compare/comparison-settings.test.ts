import { expect, test } from 'vitest';
import { SHORT_FORM } from './comparison-settings.ts';
import { FEWEST_FOR_P99 } from './statistics.ts';

test('when a path is measured, then a turn has enough answers for a p99', () => {
  const answers = Object.values(SHORT_FORM.windows).map(({ ratePerSecond, seconds }) => ratePerSecond * seconds);
  expect(Math.min(...answers)).toBeGreaterThanOrEqual(FEWEST_FOR_P99);
});
