import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { redactText } from '../logging/redaction.ts';
import { takeCallersTrace } from '../telemetry/callers-trace.ts';
import { serverRoute } from '../telemetry/server-route.ts';
import { isTraced, TRACER } from '../telemetry/with-span.ts';
import { FIRST_SERVER_FAULT, KNOWN_METHODS } from './http-semantics.ts';

const DEFAULT_PORT = 80;

/**
 * Runs `work` inside the SERVER span of a request, which ends when its answer is over; it continues the caller's trace where that is honoured.
 * Attributes are those of https://opentelemetry.io/docs/specs/semconv/http/http-spans/, without the query: it may hold what somebody typed. Of what else
 * clients make up, addresses and tokens are taken out, as in log lines.
 */
export function withRequestSpan(request: IncomingMessage, response: ServerResponse, work: () => void): void {
  const name = nameOf(request);
  const { parent, attributes } = takeCallersTrace(request);
  const span = trace.getTracer(TRACER).startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  if (!isTraced(span)) {
    work();
    return;
  }
  // What is not recorded need not be put together.
  if (span.isRecording()) {
    span.setAttributes(attributesOf(request));
    response.once('close', () => { endSpan(span, name, response); });
  }
  context.with(trace.setSpan(parent, span), work);
}

/** Whatever clients make up, there are few names. */
function nameOf({ method = '' }: IncomingMessage): string {
  return KNOWN_METHODS.has(method) ? method : 'HTTP';
}

function attributesOf({ headers, socket, method = '', url = '/', httpVersion }: IncomingMessage): Attributes {
  const { host, 'user-agent': userAgent } = headers;
  const [address, port] = splitHost(host);
  const query = url.indexOf('?');
  return {
    ...(KNOWN_METHODS.has(method) ? { 'http.request.method': method } : { 'http.request.method': '_OTHER', 'http.request.method_original': method }),
    'url.scheme': 'http',
    'url.path': redactText(query === -1 ? url : url.slice(0, query)),
    'server.address': address ?? socket.localAddress ?? '',
    'server.port': port ?? socket.localPort ?? DEFAULT_PORT,
    'network.protocol.version': httpVersion,
    'network.peer.address': socket.remoteAddress ?? '',
    'network.peer.port': socket.remotePort ?? 0,
    ...(userAgent !== undefined && { 'user_agent.original': redactText(userAgent) }),
  };
}

function splitHost(host: string | undefined): [address?: string, port?: number] {
  if (host === undefined) return [];
  const colon = host.lastIndexOf(':');
  return colon > host.lastIndexOf(']') ? [host.slice(0, colon), Number(host.slice(colon + 1))] : [host, DEFAULT_PORT];
}

function endSpan(span: Span, name: string, response: ServerResponse): void {
  const route = serverRoute(response);
  if (route !== undefined) span.setAttribute('http.route', route).updateName(`${name} ${route}`);
  // A client that went away before the answer began was given none.
  if (response.headersSent) span.setAttribute('http.response.status_code', response.statusCode);
  if (response.statusCode >= FIRST_SERVER_FAULT) span.setAttribute('error.type', String(response.statusCode)).setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
