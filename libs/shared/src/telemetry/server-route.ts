import type { ServerResponse } from 'node:http';

const ROUTE = Symbol.for('doubleshot.http.route');
type Routed = ServerResponse & { [ROUTE]?: string };

/**
 * Says which operation path a request matched. It becomes `http.route` and the name of the server span (`GET /api/v1/menu`) and the `route` label of metrics:
 * give it a path template, never a path with ids.
 */
export function setServerRoute(response: ServerResponse, route: string): void {
  (response as Routed)[ROUTE] = route;
}

/** What {@link setServerRoute} said last about this response. */
export function serverRoute(response: ServerResponse): string | undefined {
  return (response as Routed)[ROUTE];
}
