import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Operation } from '@doubleshot/contracts';
import { ProblemError } from '../errors/problem-error.ts';
import type { TokenVerifier } from '../security/principal.ts';
import { setServerRoute } from '../telemetry/server-route.ts';
import { checkAccess } from './access.ts';
import type { BoundOperation } from './bound-operation.ts';
import type { HandlerInput } from './handler.ts';
import { BODY_LIMIT_BYTES, readJsonBody } from './json-body.ts';
import { RequestInput } from './request-input.ts';
import { pathOf, queryOf } from './request-target.ts';
import { setRequestUser } from './request-user.ts';
import { createRouteTable, type Route } from './route-table.ts';
import type { Router } from './router.ts';
import { sendReply } from './send-reply.ts';
import { validateRequest } from './validate-request.ts';

export interface OperationRouterOptions {
  operations: readonly BoundOperation[];
  tokens: TokenVerifier;
  /** 64 KiB unless told. */
  bodyLimitBytes?: number;
}

interface RawPair {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * A router that answers operations at their full paths: matching, access, reading of the body, validation, handler, reply, in this order.
 * HEAD works where GET does; another method at a known path is `method_not_allowed` with `Allow`. What fails goes to `next` as an error;
 * paths it does not know are left to the next router.
 */
export function createOperationRouter(options: OperationRouterOptions): Router {
  const routes = createRouteTable(options.operations.map((bound) => ({ method: bound.operation.method, pattern: bound.operation.path, target: bound })));
  return (request, response, next) => {
    const route = routes.find(pathOf(request.url ?? ''));
    if (route === undefined) next();
    else answer(route, options, { request, response }).catch(next);
  };
}

async function answer(route: Route<BoundOperation>, options: OperationRouterOptions, raw: RawPair): Promise<void> {
  const { request, response } = raw;
  const { method = '', url = '', headers } = request;
  setServerRoute(response, route.pattern);
  const params = route.paramsOf(pathOf(url));
  const bound = route.targets.get(method);
  if (bound === undefined) throw new ProblemError('method_not_allowed', undefined, { headers: { Allow: route.allow } });
  const { operation, handler } = bound;
  const principal = await checkAccess(operation.access, options.tokens, headers.authorization);
  if (principal !== undefined) setRequestUser(response, principal.userId);
  const body = operation.request.body && (await readJsonBody(request, options.bodyLimitBytes ?? BODY_LIMIT_BYTES));
  const query = operation.request.query && parse(queryOf(url));
  const input = new RequestInput(validateRequest(operation, { params, query, headers, body }), principal, raw);
  if (method === 'HEAD' && streamMediaType(operation) !== undefined) {
    response.writeHead(200, { 'Content-Type': streamMediaType(operation) }).end();
    return;
  }
  const reply = await handler(input as HandlerInput<Operation>);
  if (reply !== 'streamed') sendReply(response, reply, operation);
}

// HEAD must not open an endless answer.
function streamMediaType(operation: Operation): string | undefined {
  const mediaType = operation.responses[200]?.mediaType;
  return mediaType === 'text/event-stream' ? mediaType : undefined;
}
