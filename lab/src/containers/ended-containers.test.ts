import { expect, test } from 'vitest';
import { describeEnded } from './ended-containers.ts';

const container = (name: string, restarts: number, state: object = {}): object => ({ Name: `/${name}`, RestartCount: restarts, State: { Running: true, OOMKilled: false, ExitCode: 0, ...state } });

test('names what was killed for want of memory, was started again or ended with a fault, and nothing else', () => {
  expect(
    describeEnded([
      container('well', 0),
      container('done', 0, { Running: false }),
      container('hungry', 2, { OOMKilled: true }),
      container('unsteady', 1),
      container('gone', 0, { Running: false, OOMKilled: true, ExitCode: 137 }),
    ]),
  ).toEqual(['hungry was killed for want of memory, was started again (×2)', 'unsteady was started again (×1)', 'gone was killed for want of memory, has ended with exit code 137']);
});
