import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { answerClientError } from './answer-client-error.ts';
import { headFault } from './check-request.ts';
import { observeRequest } from './observe-requests.ts';
import { watchConnections, type OpenConnections } from './open-connections.ts';
import { problemMiddleware, routeNotFound } from './problem-middleware.ts';
import { requestId } from './request-id.ts';
import { createRequestMetrics, type RequestMetrics } from './request-metrics.ts';
import { withRequestSpan } from './request-span.ts';
import { sendProblem } from './send-problem.ts';

/** Above the 60 s for which nginx keeps an idle upstream connection: it must never send on one that we are closing. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const HEADERS_TIMEOUT_MS = 15_000;
/** For the whole request to arrive; answers may take as long as they like. */
const REQUEST_TIMEOUT_MS = 30_000;
/** A connection on which nothing has passed for so long, in either direction, is cut: nobody reads the answer. Longer than any wait, and than the pause between two events of a stream. */
const STALLED_TIMEOUT_MS = 120_000;
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
const LARGEST_HEAD_BYTES = 16 * 1_024;
const MOST_HEADERS = 100;
const CLOSE_DEADLINE_MS = 10_000;

export interface HttpServerOptions {
  /** Asked in this order; what none of them answers is `route_not_found`. */
  routers: readonly RequestHandler[];
  logger: Logger;
  /** Without it requests are neither measured, logged nor traced: for probes. */
  metrics?: Registry;
  /** 0 picks a free one. */
  port: number;
  host: string;
  /** Time-outs other than the standard ones, for tests. */
  timeouts?: { headersMs: number; requestMs: number; stalledMs: number };
}

export interface HttpServer {
  /** The port it listens on, once started. */
  readonly port: number;
  /** Resolves when listening; rejects with the error of the operating system (`EADDRINUSE`, …). */
  start(): Promise<void>;
  /** Closes the listener, once it has taken the connections that wait there already; requests on open connections are still answered, each the last of its connection. Event streams end. */
  stopAccepting(): void;
  /** Stops accepting, then resolves when every connection has ended; those still open after `deadlineMs` (10 s unless told) are cut. Idempotent. */
  close(deadlineMs?: number): Promise<void>;
}

/**
 * An HTTP server that answers every fault with a problem document, also what is not HTTP.
 * Gives each request an id (`X-Request-Id`), one span, one log line and one measurement, and limits heads, time-outs and idle connections.
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const metrics = options.metrics && createRequestMetrics(options.metrics);
  const server = createLimitedServer(options);
  const connections = watchConnections(server);
  const listener = requestListener(options, { metrics, connections });
  server.on('request', listener);
  // What is expected besides 100-continue is not known here and may be ignored (RFC 9110 §10.1.1).
  server.on('checkExpectation', listener);
  server.on('clientError', (error, socket) => {
    const told = answerClientError(error, socket);
    if (told === undefined || metrics === undefined) return;
    metrics.malformed(told.status);
    // It had neither a method nor a path that could be read, and so no span.
    options.logger.info({ 'http.response.status_code': told.status, 'error.code': told.code }, 'request');
  });

  let port = options.port;
  return {
    get port() {
      return port;
    },
    start: async () => {
      await listen(server, options);
      ({ port } = server.address() as AddressInfo);
    },
    stopAccepting: () => connections.stopAccepting(),
    close: async (deadlineMs = CLOSE_DEADLINE_MS) => {
      connections.stopAccepting();
      await connections.ended(deadlineMs);
    },
  };
}

function createLimitedServer({ timeouts }: HttpServerOptions): Server {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    headersTimeout: timeouts?.headersMs ?? HEADERS_TIMEOUT_MS,
    requestTimeout: timeouts?.requestMs ?? REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    maxHeaderSize: LARGEST_HEAD_BYTES,
    // Its own answer would be no problem document.
    requireHostHeader: false,
    // Most requests have no body: they are spared the events of a stream that nobody reads.
    optimizeEmptyRequests: true,
  });
  server.maxHeadersCount = MOST_HEADERS;
  server.timeout = timeouts?.stalledMs ?? STALLED_TIMEOUT_MS;
  return server;
}

function requestListener(options: HttpServerOptions, { metrics, connections }: { metrics: RequestMetrics | undefined; connections: OpenConnections }): RequestListener {
  const app = createApp(options);
  const answer: RequestListener = (request, response) => {
    const fault = headFault(request);
    if (fault === undefined) app(request, response);
    else sendProblem(response, fault);
  };
  return (request, response) => {
    const id = requestId(request);
    response.setHeader('X-Request-Id', id);
    connections.add(response);
    if (metrics === undefined) answer(request, response);
    else {
      withRequestSpan(request, response, () => {
        observeRequest({ request, response, id }, { logger: options.logger, metrics });
        answer(request, response);
      });
    }
  };
}

function createApp({ routers, logger }: HttpServerOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  for (const router of routers) app.use(router);
  app.use(routeNotFound());
  app.use(problemMiddleware(logger));
  return app;
}

function listen(server: Server, { port, host }: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
