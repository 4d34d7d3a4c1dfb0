import type { IncomingMessage } from 'node:http';

/**
 * The address of the client: of the connection, or, behind `trustedHops` proxies, what the outermost trusted one saw.
 * Each proxy appends the address it was called from, so entries are counted from the right; what stands further left was written by the client.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const peer = request.socket.remoteAddress ?? '';
  if (trustedHops === 0) return peer;
  const forwarded = forwardedFor(request);
  return forwarded.at(-Math.min(trustedHops, forwarded.length)) ?? peer;
}

/** Entries of `X-Forwarded-For`, outermost first. */
export function forwardedFor(request: IncomingMessage): string[] {
  const value = request.headers['x-forwarded-for'];
  const list = Array.isArray(value) ? value.join(',') : (value ?? '');
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
