import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation } from '@doubleshot/contracts';
import { parsePreferWaitMs, type Next } from '@doubleshot/shared/http';
import { RoundRobinPool, type Dispatcher } from 'undici';
import type { GatewayMetrics, InFlight } from '../gateway-metrics.ts';
import { Exchange } from './exchange.ts';
import { requestBody } from './request-body.ts';
import { upstreamRequestHeaders } from './request-headers.ts';
import { createRotatingLookup } from './rotating-lookup.ts';
import { overloaded } from './upstream-errors.ts';

/** Without a `Keep-Alive` hint from the service; below the 5 s after which a plain Node server closes. */
const KEEP_ALIVE_DEFAULT_MS = 4_000;
const KEEP_ALIVE_MAX_MS = 600_000;
/** How much earlier than announced by the service an idle connection is given up. */
const KEEP_ALIVE_MARGIN_MS = 2_000;
/** A service that vanished without a word is noticed on a silent stream by TCP's own probes, which start after this time. */
const TCP_PROBE_AFTER_MS = 15_000;
const NO_TIMEOUT = 0;
/** Then a connection is opened anew, perhaps to another replica: those that come later get their share. */
const REQUESTS_PER_CONNECTION = 100;

export interface UpstreamProxyOptions {
  /** Name of the module behind. */
  module: string;
  origin: string;
  connectTimeoutMs: number;
  answerTimeoutMs: number;
  maxInFlight: number;
  /** Streams and long polls at once. */
  maxWaits: number;
  bodyLimitBytes: number;
  trustedHops: number;
  /** Whether the trace that a client names goes on. */
  trustTraceContext: boolean;
  metrics: GatewayMetrics;
}

export interface UpstreamProxy {
  /** Passes the request on. `next` receives a `ProblemError` when no answer has begun. */
  forward(operation: Operation, request: IncomingMessage, response: ServerResponse, next: Next): void;
  /** Lets requests finish, closes the connections. Idempotent. */
  close(): Promise<void>;
}

/** Reaches one service in another process, over HTTP/1.1 with connections kept alive. */
export function createUpstreamProxy(options: UpstreamProxyOptions): UpstreamProxy {
  const answers = createPool(options);
  // Streams and long polls hold a connection for long. In a pool of their own they do not lengthen the search for a free one.
  const waits = createPool(options);
  const inFlight: InFlight = { answers: 0, waits: 0 };
  const onAnswerEnd = (): void => void (inFlight.answers -= 1);
  const onWaitEnd = (): void => void (inFlight.waits -= 1);
  const onRetry = (): void => options.metrics.retried(options.module);
  options.metrics.watch(options.module, inFlight);

  function forward(operation: Operation, request: IncomingMessage, response: ServerResponse, next: Next): void {
    const stream = isEventStream(operation);
    const noMoreWaits = inFlight.waits >= options.maxWaits;
    // A wait is a preference, and dropped when there is no room for it: the answer comes at once then, as it does from a service that lets no more wait.
    const askedMs = waitOf(operation, request);
    const waitMs = noMoreWaits ? 0 : askedMs;
    const long = stream || waitMs > 0;
    const full = long ? noMoreWaits : inFlight.answers >= options.maxInFlight;
    if (full) {
      next(overloaded(`Too many ${long ? 'streams are open at' : 'requests wait for'} ${options.module}.`));
      return;
    }
    const exchange = new Exchange({
      module: options.module,
      dispatcher: long ? waits : answers,
      dispatch: {
        ...dispatchOptions(options, request, { response, dropPrefer: waitMs < askedMs }),
        headersTimeout: options.answerTimeoutMs + waitMs,
        bodyTimeout: stream ? NO_TIMEOUT : options.answerTimeoutMs,
      },
      keyed: declares(operation, 'idempotency-key'),
      request,
      response,
      next,
      onEnd: long ? onWaitEnd : onAnswerEnd,
      onRetry,
    });
    inFlight[long ? 'waits' : 'answers'] += 1;
    exchange.start();
  }

  async function close(): Promise<void> {
    await Promise.all([answers, waits].filter((pool) => !pool.closed).map((pool) => pool.close()));
  }

  return { forward, close };
}

function createPool({ origin, connectTimeoutMs }: UpstreamProxyOptions): RoundRobinPool {
  return new RoundRobinPool(origin, {
    // One connection for each request under way: nothing queues here, where no time-out would run.
    connections: null,
    pipelining: 1,
    allowH2: false,
    maxRequestsPerClient: REQUESTS_PER_CONNECTION,
    connect: { timeout: connectTimeoutMs, keepAliveInitialDelay: TCP_PROBE_AFTER_MS, lookup: createRotatingLookup() },
    keepAliveTimeout: KEEP_ALIVE_DEFAULT_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
    keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
  });
}

interface Passing {
  response: ServerResponse;
  dropPrefer: boolean;
}

function dispatchOptions({ bodyLimitBytes, trustedHops, trustTraceContext }: UpstreamProxyOptions, request: IncomingMessage, { response, dropPrefer }: Passing): Dispatcher.DispatchOptions {
  const body = requestBody(request, bodyLimitBytes);
  const requestId = response.getHeader('x-request-id');
  return {
    path: request.url ?? '/',
    method: request.method ?? 'GET',
    headers: upstreamRequestHeaders(request, { requestId: typeof requestId === 'string' ? requestId : undefined, trustedHops, trustTraceContext, hasBody: body !== undefined, dropPrefer }),
    body: body ?? null,
    // undici gives up a connection after HEAD, against servers that send a body all the same. Ours do not.
    reset: false,
  };
}

function isEventStream(operation: Operation): boolean {
  return operation.responses[200]?.mediaType === 'text/event-stream';
}

/** How long the client may ask this operation to wait: nothing, unless its declaration has the header. */
function waitOf(operation: Operation, request: IncomingMessage): number {
  if (!declares(operation, 'prefer')) return 0;
  const prefer = request.headers['prefer'];
  return typeof prefer === 'string' ? (parsePreferWaitMs(prefer) ?? 0) : 0;
}

function declares({ request: { headers } }: Operation, header: string): boolean {
  return headers !== undefined && header in headers.shape;
}
