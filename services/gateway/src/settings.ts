import { integerSetting } from '@doubleshot/shared/config';
import { z } from 'zod';

const MINUTE_MS = 60_000;

/** The variables of the gateway alone. */
export const GATEWAY_SETTINGS = {
  RATE_LIMIT_PER_SECOND: integerSetting({ min: 0, max: 1_000_000 })
    .default(100)
    .describe('Requests a second that each client may make, on average over ten seconds. 0 turns every limit off, that for log-in too.'),
  LOGIN_RATE_LIMIT_PER_MINUTE: integerSetting({ min: 0, max: 1_000_000 })
    .default(120)
    .describe('Log-ins and registrations a minute from one address. 0 turns this limit off.'),
  UPSTREAM_CONNECT_TIMEOUT_MS: integerSetting({ min: 10, max: MINUTE_MS })
    .default(2_000)
    .describe('How long connecting to a service may take, in milliseconds.'),
  UPSTREAM_TIMEOUT_MS: integerSetting({ min: 100, max: 10 * MINUTE_MS })
    .default(10_000)
    .describe('How long a service may take to begin its answer, and between two parts of it, in milliseconds. What a client asks for with Prefer: wait comes on top.'),
  UPSTREAM_MAX_IN_FLIGHT: integerSetting({ min: 1, max: 100_000 })
    .default(1_024)
    .describe('Requests that may wait for one service at once; more are refused with 503. Streams and long polls are counted by UPSTREAM_MAX_WAITS.'),
  UPSTREAM_MAX_WAITS: integerSetting({ min: 1, max: 100_000 })
    .default(8_192)
    .describe('Streams and long polls (Prefer: wait) that may be open to one service at once. More streams are refused with 503; more long polls are answered at once.'),
  TRUSTED_PROXY_HOPS: integerSetting({ min: 0, max: 16 })
    .default(0)
    .describe('Number of proxies in front whose X-Forwarded headers are believed. 0: clients connect directly, and theirs are dropped.'),
  TRUST_TRACE_CONTEXT: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: a request goes on in the trace that its traceparent names, recorded or not as it says. `false`: it begins a trace of its own, which names the caller\'s (doubleshot.caller.trace_id).'),
} as const;

export type GatewaySettings = z.output<z.ZodObject<typeof GATEWAY_SETTINGS>>;
