import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** RFC 9110 §7.6.1, and what this server writes itself. */
const NOT_PASSED_BACK = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'trailer', 'transfer-encoding', 'upgrade', 'date', 'x-request-id']);

/** Sets what the service answered on the answer to the client. */
export function passResponseHeaders(headers: IncomingHttpHeaders, response: ServerResponse): void {
  for (const name of Object.keys(headers)) {
    if (NOT_PASSED_BACK.has(name)) continue;
    const value = headers[name];
    if (value !== undefined) response.setHeader(name, value);
  }
}

/** Takes back what {@link passResponseHeaders} set, when the answer it belonged to never came. */
export function takeBackResponseHeaders(headers: IncomingHttpHeaders, response: ServerResponse): void {
  for (const name of Object.keys(headers)) {
    if (!NOT_PASSED_BACK.has(name)) response.removeHeader(name);
  }
}
