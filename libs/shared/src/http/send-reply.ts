import type { ServerResponse } from 'node:http';
import type { Operation } from '@doubleshot/contracts';
import { timeJson } from '../telemetry/json-time.ts';
import type { Reply } from './handler.ts';

// What belongs to one caller is kept by nobody else, and asked for again before it is used again.
const PRIVATE = 'private, no-cache';
const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** Sends a reply as JSON. Node.js leaves the body out by itself where there must be none (HEAD, 204, 304). */
export function sendReply(response: ServerResponse, reply: Reply, operation: Operation): void {
  if (response.headersSent || response.destroyed) return;
  if (operation.access !== 'public') response.setHeader('Cache-Control', PRIVATE);
  for (const name in reply.headers) response.setHeader(name, reply.headers[name] as string);
  response.statusCode = reply.status;
  if (reply.body === undefined) {
    response.end();
    return;
  }
  const body = timeJson('encode', () => JSON.stringify(reply.body));
  response.setHeader('Content-Type', JSON_MEDIA_TYPE);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
