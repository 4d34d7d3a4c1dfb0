import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeSettings } from './describe-settings.ts';
import { integerSetting, listSetting } from './setting-schemas.ts';

test('description, default and need are read from the schema, wherever it was described', () => {
  const shape = {
    A: integerSetting({ min: 0, max: 9 }).default(5).describe('outside'),
    B: integerSetting({ min: 0, max: 9 }).describe('inside').default(5),
    C: z.string().describe('needed'),
    D: z.string().optional().describe('may be missing'),
    E: listSetting(['x', 'y']).default(['x', 'y']).describe('list'),
  };
  expect(describeSettings(shape)).toEqual([
    { variable: 'A', description: 'outside', default: '5', required: false },
    { variable: 'B', description: 'inside', default: '5', required: false },
    { variable: 'C', description: 'needed', default: undefined, required: true },
    { variable: 'D', description: 'may be missing', default: undefined, required: false },
    { variable: 'E', description: 'list', default: 'x,y', required: false },
  ]);
});
