import type { IncomingMessage } from 'node:http';
import { currentTraceparent } from '@doubleshot/shared/telemetry';
import { forwardedFor } from './client-address.ts';

/** RFC 9110 §7.6.1, and what the HTTP client behind writes itself. */
const NOT_PASSED_ON = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
]);

/** Names of trace context. They are dropped when this process records the request, for its own span becomes the parent then, and when the client is not trusted. */
const TRACE_CONTEXT = new Set(['traceparent', 'tracestate', 'baggage']);

/** Whether only a proxy may set this header: a service must never read what a client claims here. `name` is in lower case. */
export function isReservedForProxies(name: string): boolean {
  return name.startsWith('x-') ? name.startsWith('x-forwarded-') || name.startsWith('x-user-') || name === 'x-real-ip' : name === 'forwarded';
}

export interface ForwardingOptions {
  requestId: string | undefined;
  trustedHops: number;
  trustTraceContext: boolean;
  /** The service is not asked to wait, whatever the client prefers. */
  dropPrefer: boolean;
  /** Without one, `Content-Length` and `Content-Type` are not passed on. */
  hasBody: boolean;
}

/** The headers for the service behind, as a flat list of names and values. */
export function upstreamRequestHeaders(request: IncomingMessage, options: ForwardingOptions): string[] {
  const raw = request.rawHeaders;
  const named = headersNamedByConnection(request.headers.connection);
  const dropped = !options.trustTraceContext || currentTraceparent() !== undefined;
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const original = raw[i] ?? '';
    const name = original.toLowerCase();
    if (NOT_PASSED_ON.has(name) || isReservedForProxies(name)) continue;
    if (dropped && TRACE_CONTEXT.has(name)) continue;
    if (options.dropPrefer && name === 'prefer') continue;
    if (!options.hasBody && (name === 'content-length' || name === 'content-type')) continue;
    if (named?.includes(name)) continue;
    headers.push(name, raw[i + 1] ?? '');
  }
  addForwardingHeaders(headers, request, options);
  return headers;
}

function addForwardingHeaders(headers: string[], request: IncomingMessage, { requestId, trustedHops }: ForwardingOptions): void {
  const peer = request.socket.remoteAddress ?? '';
  const chain = trustedHops === 0 ? peer : [...forwardedFor(request).slice(-trustedHops), peer].join(', ');
  headers.push('x-forwarded-for', chain);
  headers.push('x-forwarded-proto', trusted(request, trustedHops, 'x-forwarded-proto') ?? 'http');
  const host = trusted(request, trustedHops, 'x-forwarded-host') ?? request.headers.host;
  if (host !== undefined) headers.push('x-forwarded-host', host);
  if (requestId !== undefined) headers.push('x-request-id', requestId);
}

function trusted(request: IncomingMessage, trustedHops: number, name: string): string | undefined {
  if (trustedHops === 0) return undefined;
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Header names a client lists in `Connection` are meant for the next hop alone. */
function headersNamedByConnection(connection: string | undefined): string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return connection
    .toLowerCase()
    .split(',')
    .map((token) => token.trim());
}
