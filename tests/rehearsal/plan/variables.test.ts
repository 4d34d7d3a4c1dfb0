import { expect, test } from 'vitest';
import { expanded } from './variables.ts';

test.each([
  ['http://$(HOST):$(PORT)', 'http://auth:8080'],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['$$(HOST)', '$(HOST)'],
  ['$HOST', '$HOST'],
])('%s becomes %s', (text, expected) => {
  expect(expanded(text, { HOST: 'auth', PORT: '8080' })).toBe(expected);
});
