import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { upstreamRequestHeaders, type ForwardingOptions } from './request-headers.ts';

/** A request as it lies before the gateway, from raw header lines. */
function requestWith(...rawHeaders: string[]): IncomingMessage {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) headers[(rawHeaders[i] ?? '').toLowerCase()] = rawHeaders[i + 1] ?? '';
  return { rawHeaders, headers, socket: { remoteAddress: '192.0.2.7' } } as unknown as IncomingMessage;
}

function passedOn(request: IncomingMessage, options: Partial<ForwardingOptions> = {}): Record<string, string[]> {
  const flat = upstreamRequestHeaders(request, { requestId: 'r-1', trustedHops: 0, trustTraceContext: true, hasBody: true, dropPrefer: false, ...options });
  const byName: Record<string, string[]> = {};
  for (let i = 0; i < flat.length; i += 2) (byName[flat[i] ?? ''] ??= []).push(flat[i + 1] ?? '');
  return byName;
}

describe('headers for the service behind', () => {
  it('drops hop-by-hop headers and those that Connection names', () => {
    const headers = passedOn(requestWith('Connection', 'keep-alive, X-Secret-Hop', 'Keep-Alive', 'timeout=5', 'TE', 'trailers', 'Upgrade', 'h2c', 'X-Secret-Hop', '1', 'Expect', '100-continue', 'Transfer-Encoding', 'chunked', 'Accept', '*/*'));
    expect(Object.keys(headers).sort()).toEqual(['accept', 'x-forwarded-for', 'x-forwarded-proto', 'x-request-id']);
  });

  it('replaces what only a proxy may say', () => {
    const headers = passedOn(requestWith('Host', 'shop.example', 'X-Forwarded-For', '203.0.113.1', 'X-Forwarded-Proto', 'https', 'Forwarded', 'for=203.0.113.1', 'X-User-Id', 'root', 'X-USER-ROLE', 'staff', 'X-Real-IP', '203.0.113.1', 'X-Request-Id', 'mine'));
    expect(headers).toEqual({ 'x-forwarded-for': ['192.0.2.7'], 'x-forwarded-proto': ['http'], 'x-forwarded-host': ['shop.example'], 'x-request-id': ['r-1'] });
  });

  it('believes as many proxies as it is told to, and keeps none of what stood before them', () => {
    const request = requestWith('Host', 'in.example', 'X-Forwarded-For', '6.6.6.6, 203.0.113.1', 'X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'shop.example');
    const headers = passedOn(request, { trustedHops: 1 });
    expect(headers).toMatchObject({ 'x-forwarded-for': ['203.0.113.1, 192.0.2.7'], 'x-forwarded-proto': ['https'], 'x-forwarded-host': ['shop.example'] });
  });

  it('passes on everything else as it came, also what comes twice', () => {
    const headers = passedOn(requestWith('Authorization', 'Bearer t', 'Idempotency-Key', 'k', 'Cookie', 'a=1', 'Cookie', 'b=2', 'If-None-Match', '"1"', 'traceparent', '00-1'));
    expect(headers).toMatchObject({ authorization: ['Bearer t'], 'idempotency-key': ['k'], cookie: ['a=1', 'b=2'], 'if-none-match': ['"1"'], traceparent: ['00-1'] });
  });

  it('drops the trace of a client that is not trusted', () => {
    const headers = passedOn(requestWith('traceparent', '00-1', 'tracestate', 'a=b', 'baggage', 'c=d', 'Accept', '*/*'), { trustTraceContext: false });
    expect(Object.keys(headers).sort()).toEqual(['accept', 'x-forwarded-for', 'x-forwarded-proto', 'x-request-id']);
  });

  it('says nothing of a body that is not passed on', () => {
    const headers = passedOn(requestWith('Content-Length', '2', 'Content-Type', 'application/json'), { hasBody: false });
    expect(headers).not.toHaveProperty('content-length');
    expect(headers).not.toHaveProperty('content-type');
  });
});
