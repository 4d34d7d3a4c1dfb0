import { OPERATIONS, type Operation } from '@doubleshot/contracts';
import { createRouteTable, type RouteEntry, type RouteTable } from '@doubleshot/shared/http';
import { RESOURCES, type Resource } from './openapi/document-resource.ts';

/** What answers a method at a path: an operation of a module, or something the gateway serves itself. */
export type Target = { operation: Operation } | { resource: Resource };

/** Every path of the API, from the operations as declared. */
export function createGatewayRoutes(): RouteTable<Target> {
  const operations = OPERATIONS.map((operation): RouteEntry<Target> => ({ method: operation.method, pattern: operation.path, target: { operation } }));
  const resources = Object.entries(RESOURCES).map(([pattern, resource]): RouteEntry<Target> => ({ method: 'get', pattern, target: { resource } }));
  return createRouteTable([...operations, ...resources]);
}
