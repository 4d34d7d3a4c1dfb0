import type { ServerResponse } from 'node:http';
import { API_BASE } from '@doubleshot/contracts';

const ORDERS_PATH = `${API_BASE}/orders/`;
const UUID_LENGTH = 36;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Id of the order that a request is about, for the log line: the one its path names, or the one its answer says was placed (`Location`). A proxy sees both, too. */
export function requestOrder(path: string, response: ServerResponse): string | undefined {
  const location = response.getHeader('location');
  return orderAt(path) ?? (typeof location === 'string' ? orderAt(location) : undefined);
}

function orderAt(path: string): string | undefined {
  if (!path.startsWith(ORDERS_PATH)) return undefined;
  const id = path.slice(ORDERS_PATH.length, ORDERS_PATH.length + UUID_LENGTH);
  return UUID.test(id) ? id : undefined;
}
