import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { clientAddress } from '../proxy/client-address.ts';
import { networkOf } from './network-of.ts';

/** Requests are counted over this time, so that a burst of that many seconds' worth passes. */
const CLIENT_WINDOW_SECONDS = 10;
const LOGIN_WINDOW_SECONDS = 60;
/** Tokens are not verified here. One address may not escape its limit by inventing a new token for each request. */
const CLIENTS_PER_ADDRESS = 20;

/** Operations that take a password: guessing is slow here. */
const LOGIN_OPERATIONS = new Set(['login', 'register']);

export interface RateLimitOptions {
  /** 0 turns every limit off. */
  perSecond: number;
  /** 0 turns the limit for log-in off. */
  loginsPerMinute: number;
  trustedHops: number;
  /** Told of each refusal. */
  onRefusal: (limit: string) => void;
}

export interface RateLimits {
  /** Counts the request. Rejects with `rate_limited` when there were too many; sets the `RateLimit` headers. */
  take(operation: Operation | undefined, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface Limit {
  name: string;
  limiter: RateLimiterMemory;
  policy: string;
  onRefusal: (limit: string) => void;
}

/** Counts in this process alone, by bearer token, or by address (of IPv6 its /64) for those without. */
export function createRateLimits({ perSecond, loginsPerMinute, trustedHops, onRefusal }: RateLimitOptions): RateLimits {
  if (perSecond === 0) return { take: () => Promise.resolve() };
  const createLimit = (name: string, points: number, seconds: number): Limit => ({
    name,
    limiter: new RateLimiterMemory({ points, duration: seconds, keyPrefix: name }),
    policy: `"${name}";q=${points};w=${seconds}`,
    onRefusal,
  });
  const client = createLimit('client', perSecond * CLIENT_WINDOW_SECONDS, CLIENT_WINDOW_SECONDS);
  const address = createLimit('address', perSecond * CLIENT_WINDOW_SECONDS * CLIENTS_PER_ADDRESS, CLIENT_WINDOW_SECONDS);
  const login = loginsPerMinute === 0 ? undefined : createLimit('login', loginsPerMinute, LOGIN_WINDOW_SECONDS);
  return {
    async take(operation, request, response) {
      const from = networkOf(clientAddress(request, trustedHops));
      if (login !== undefined && operation !== undefined && LOGIN_OPERATIONS.has(operation.id)) await consume(login, from, response);
      const { authorization } = request.headers;
      if (authorization === undefined) return consume(client, from, response);
      await consume(address, from, undefined);
      return consume(client, hash('sha256', authorization, 'base64'), response);
    },
  };
}

async function consume({ name, limiter, policy, onRefusal }: Limit, key: string, response: ServerResponse | undefined): Promise<void> {
  try {
    const state = await limiter.consume(key);
    if (response === undefined) return;
    response.setHeader('RateLimit-Policy', policy);
    response.setHeader('RateLimit', describe(name, state));
  } catch (state) {
    if (!(state instanceof RateLimiterRes)) throw state;
    onRefusal(name);
    const headers = { 'Retry-After': String(secondsLeft(state)), 'RateLimit-Policy': policy, RateLimit: describe(name, state) };
    throw new ProblemError('rate_limited', `Come again in ${secondsLeft(state)} s.`, { headers });
  }
}

/** `RateLimit` as in draft-ietf-httpapi-ratelimit-headers-10. */
function describe(name: string, state: RateLimiterRes): string {
  return `"${name}";r=${state.remainingPoints};t=${secondsLeft(state)}`;
}

function secondsLeft(state: RateLimiterRes): number {
  return Math.max(1, Math.ceil(state.msBeforeNext / 1_000));
}
