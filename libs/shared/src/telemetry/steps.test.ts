import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { passStep, STEP_CHANNEL } from './steps.ts';

test('when a step is passed, then who subscribed has seen it before the next instruction', () => {
  const seen: unknown[] = [];
  const see = (message: unknown): void => { seen.push(message); };
  passStep('before', 'anybody listens');
  subscribe(STEP_CHANNEL, see);
  onTestFinished(() => void unsubscribe(STEP_CHANNEL, see));
  passStep('after', 'orders.place');
  expect(seen).toEqual([{ step: 'after orders.place', about: '' }]);
  passStep('received', 'orders.v1', 'some-id');
  expect(seen.at(-1)).toEqual({ step: 'received orders.v1', about: 'some-id' });
});
