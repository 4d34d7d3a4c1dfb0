import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModuleName, Operation } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import { pathOf, setServerRoute, type Next, type Router, type RouteTable } from '@doubleshot/shared/http';
import type { Target } from './gateway-routes.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import { serveResource } from './openapi/serve-resource.ts';
import { refuseAnnouncedExcess } from './proxy/request-body.ts';
import { isReservedForProxies } from './proxy/request-headers.ts';
import type { UpstreamProxy } from './proxy/upstream-proxy.ts';
import { API_SECURITY_HEADERS, setFixedHeaders } from './security-headers.ts';

/** Where the requests of one module go: to its router, or to another process. */
export type Destination = { router: Router } | { proxy: UpstreamProxy };

export interface GatewayRouterOptions {
  routes: RouteTable<Target>;
  destinations: Readonly<Record<Exclude<ModuleName, 'gateway'>, Destination>>;
  limits: RateLimits;
}

/** The whole API in one step: the routes are matched by a table compiled beforehand. */
export function createGatewayRouter(options: GatewayRouterOptions): Router {
  return (request, response, next) => {
    answer(options, request, response, next).catch(next);
  };
}

async function answer({ routes, destinations, limits }: GatewayRouterOptions, request: IncomingMessage, response: ServerResponse, next: Next): Promise<void> {
  setFixedHeaders(response, API_SECURITY_HEADERS);
  const target = findTarget(routes, request, response);
  // Before any refusal: asking for what is not there costs the client its share too.
  await limits.take('operation' in target ? target.operation : undefined, request, response);
  if ('refusal' in target) throw target.refusal;
  if ('resource' in target) return serveResource(target.resource, request, response);
  refuseAnnouncedExcess(request);
  const destination = destinationOf(destinations, target.operation);
  if ('proxy' in destination) {
    destination.proxy.forward(target.operation, request, response, next);
    return;
  }
  dropReservedHeaders(request);
  destination.router(request, response, next);
}

function findTarget(routes: RouteTable<Target>, request: IncomingMessage, response: ServerResponse): Target | { refusal: ProblemError } {
  const route = routes.find(pathOf(request.url ?? ''));
  if (route === undefined) return { refusal: new ProblemError('route_not_found') };
  setServerRoute(response, route.pattern);
  return route.targets.get(request.method ?? '') ?? { refusal: new ProblemError('method_not_allowed', undefined, { headers: { Allow: route.allow } }) };
}

function destinationOf(destinations: GatewayRouterOptions['destinations'], { module }: Operation): Destination {
  // The gateway itself declares no operations.
  return destinations[module as keyof typeof destinations];
}

/** In the same process nothing is sent, yet a module must not see here what it would not see behind a proxy. */
function dropReservedHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (isReservedForProxies(name)) Reflect.deleteProperty(request.headers, name);
  }
}
