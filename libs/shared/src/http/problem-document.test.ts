import { PROBLEMS, type ProblemCode } from '@doubleshot/contracts';
import { describe, expect, test } from 'vitest';
import { problemAnswer } from './problem-document.ts';

const UNAUTHORIZED = 401;
const codes = Object.keys(PROBLEMS) as ProblemCode[];
const unauthorized = codes.filter((code) => PROBLEMS[code].status === UNAUTHORIZED);

describe('a problem document', () => {
  test.each(codes)('of %s says more where there is more to say, and what its title says otherwise', (code) => {
    const detailOf = (detail?: string): unknown => (JSON.parse(problemAnswer({ code, detail }).body) as { detail: unknown }).detail;
    expect([detailOf('Only 2 are left.'), detailOf()]).toEqual(['Only 2 are left.', `${PROBLEMS[code].title}.`]);
  });
});

describe('the challenge of a problem', () => {
  test('is there for every 401, and for nothing else', () => {
    expect(unauthorized.length).toBeGreaterThan(2);
    const challenged = codes.filter((code) => problemAnswer({ code }).headers['WWW-Authenticate'] === 'Bearer realm="doubleshot"');
    expect(challenged).toEqual(unauthorized);
  });

  test('is the more exact one when the problem brings its own', () => {
    const own = 'Bearer realm="doubleshot", error="invalid_token"';
    expect(problemAnswer({ code: 'token_invalid', headers: { 'WWW-Authenticate': own } }).headers['WWW-Authenticate']).toBe(own);
  });
});
