import type { IncomingMessage } from 'node:http';
import type { ModuleName, Operation } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import { setServerRoute } from '@doubleshot/shared/http';
import { Router, type NextFunction, type Request, type Response } from 'express';
import type { Target } from './gateway-routes.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import { serveResource } from './openapi/serve-resource.ts';
import { refuseAnnouncedExcess } from './proxy/request-body.ts';
import { isReservedForProxies } from './proxy/request-headers.ts';
import type { UpstreamProxy } from './proxy/upstream-proxy.ts';
import type { RouteTable } from './routing/route-table.ts';
import { API_SECURITY_HEADERS, setFixedHeaders } from './security-headers.ts';

/** Where the requests of one module go: to its router, or to another process. */
export type Destination = { router: Router } | { proxy: UpstreamProxy };

export interface GatewayRouterOptions {
  routes: RouteTable<Target>;
  destinations: Readonly<Record<Exclude<ModuleName, 'gateway'>, Destination>>;
  limits: RateLimits;
}

/** One express layer for the whole API: the routes are matched by a table compiled beforehand. */
export function createGatewayRouter(options: GatewayRouterOptions): Router {
  const router = Router();
  router.use((request: Request, response: Response, next: NextFunction) => {
    answer(options, request, response, next).catch(next);
  });
  return router;
}

async function answer({ routes, destinations, limits }: GatewayRouterOptions, request: Request, response: Response, next: NextFunction): Promise<void> {
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

function findTarget(routes: RouteTable<Target>, request: Request, response: Response): Target | { refusal: ProblemError } {
  const route = routes.find(pathOf(request.url));
  if (route === undefined) return { refusal: new ProblemError('route_not_found') };
  setServerRoute(response, route.pattern);
  return route.targets.get(request.method) ?? { refusal: new ProblemError('method_not_allowed', undefined, { headers: { Allow: route.allow } }) };
}

function destinationOf(destinations: GatewayRouterOptions['destinations'], { module }: Operation): Destination {
  // The gateway itself declares no operations.
  return destinations[module as keyof typeof destinations];
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

/** In the same process nothing is sent, yet a module must not see here what it would not see behind a proxy. */
function dropReservedHeaders(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (isReservedForProxies(name)) Reflect.deleteProperty(request.headers, name);
  }
}
