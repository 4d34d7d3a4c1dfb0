import { describe, expect, it } from 'vitest';
import { ProblemError } from '@doubleshot/shared/errors';
import { mayRetry, upstreamProblem } from './upstream-errors.ts';

const failure = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('what a client is told of a failure behind', () => {
  it.each([
    ['ECONNREFUSED', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
    ['UND_ERR_CLOSED', 'unavailable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'upstream_timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'upstream_timeout'],
    ['UND_ERR_SOCKET', 'upstream_failed'],
    ['ECONNRESET', 'upstream_failed'],
    ['HPE_INVALID_CONSTANT', 'upstream_failed'],
  ])('%s becomes %s', (code, expected) => expect(upstreamProblem('orders', failure(code)).code).toBe(expected));

  it('is a problem of the gateway itself as it stands', () => {
    const own = new ProblemError('payload_too_large');
    expect(upstreamProblem('orders', own)).toBe(own);
  });

  it('names the service and not where it runs', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:3000'), { code: 'ECONNREFUSED' });
    expect(upstreamProblem('orders', cause).detail).toBe('orders cannot be reached now.');
  });
});

describe('a second try', () => {
  it.each([
    ['GET', 'ECONNREFUSED', { sent: false, repeatable: false }, true],
    ['POST', 'ECONNREFUSED', { sent: false, repeatable: false }, true],
    ['POST', 'EHOSTUNREACH', { sent: false, repeatable: false }, true],
    ['POST', 'ENOTFOUND', { sent: false, repeatable: false }, true],
    ['POST', 'UND_ERR_SOCKET', { sent: true, repeatable: false }, false],
    ['POST', 'UND_ERR_SOCKET', { sent: true, repeatable: true }, true],
    ['POST', 'ECONNRESET', { sent: true, repeatable: true }, true],
    ['POST', 'UND_ERR_HEADERS_TIMEOUT', { sent: true, repeatable: true }, false],
    ['PATCH', 'ECONNRESET', { sent: true, repeatable: false }, false],
    ['GET', 'UND_ERR_SOCKET', { sent: true, repeatable: false }, true],
    ['HEAD', 'ECONNRESET', { sent: true, repeatable: false }, true],
    ['GET', 'UND_ERR_HEADERS_TIMEOUT', { sent: true, repeatable: false }, false],
    ['GET', 'UND_ERR_CONNECT_TIMEOUT', { sent: false, repeatable: false }, false],
  ])('of %s after %s with %o: %s', (method, code, state, expected) => expect(mayRetry(failure(code), { method, ...state })).toBe(expected));
});
