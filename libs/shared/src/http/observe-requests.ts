import type { IncomingMessage, ServerResponse } from 'node:http';
import { context } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { currentExemplar } from '../telemetry/exemplar.ts';
import { serverRoute } from '../telemetry/server-route.ts';
import { FIRST_SERVER_FAULT } from './http-semantics.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { requestOrder } from './request-order.ts';
import { requestUser } from './request-user.ts';
import { responseProblem } from './response-problem.ts';

/** nginx's number for a client that went away before the answer began. */
const CLIENT_WENT_AWAY = 499;
const UNMATCHED = 'unmatched';
const LONGEST_LOGGED_PATH = 200;
const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1e6;

export interface Observed {
  request: IncomingMessage;
  response: ServerResponse;
  id: string;
}

/** Writes one log line and one measurement for a request, when its answer is over, both with the trace that is active now. Fields are those of ECS, by their full names: an object for each part of a name costs a quarter of the line. */
export function observeRequest({ request, response, id }: Observed, { logger, metrics }: { logger: Logger; metrics: RequestMetrics }): void {
  const startedMs = performance.now();
  const method = request.method ?? '';
  const path = pathOf(request.url ?? '/');
  const exemplar = currentExemplar();
  metrics.begin();
  if (logger.isLevelEnabled('debug')) logger.debug({ 'http.request.method': method, 'http.request.id': id, 'url.path': path }, 'request began');
  const active = context.active();
  const end = (): void => {
    const durationNs = Math.round((performance.now() - startedMs) * NS_PER_MS);
    const status = response.headersSent ? response.statusCode : CLIENT_WENT_AWAY;
    const route = serverRoute(response) ?? UNMATCHED;
    metrics.end({ method, route, status, seconds: durationNs / NS_PER_SECOND, exemplar });
    const user = requestUser(response);
    const order = requestOrder(path, response);
    const problem = responseProblem(response);
    const line = {
      'http.request.method': method,
      'http.request.id': id,
      'http.response.status_code': status,
      'url.path': path,
      'event.duration': durationNs,
      ...(user !== undefined && { 'user.id': user }),
      ...(order !== undefined && { 'order.id': order }),
      ...(problem !== undefined && { 'error.code': problem }),
    };
    if (status >= FIRST_SERVER_FAULT) logger.error(line, 'request');
    else logger.info(line, 'request');
  };
  // Not `context.bind`: it makes a function that looks like `end` in all respects, for each request.
  response.once('close', () => { context.with(active, end); });
}

// The query may hold what somebody typed; the path is enough to tell requests apart.
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return url.slice(0, Math.min(end === -1 ? url.length : end, LONGEST_LOGGED_PATH));
}
