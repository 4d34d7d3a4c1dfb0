import type { ServerResponse } from 'node:http';

const users = new WeakMap<ServerResponse, string>();

/** Notes whose request this is, for the log line. */
export function setRequestUser(response: ServerResponse, userId: string): void {
  users.set(response, userId);
}

export function requestUser(response: ServerResponse): string | undefined {
  return users.get(response);
}
