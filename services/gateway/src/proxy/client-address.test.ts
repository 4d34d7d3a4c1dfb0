import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

const from = (peer: string, forwardedFor?: string): IncomingMessage =>
  ({ socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwardedFor } }) as unknown as IncomingMessage;

describe('client address', () => {
  it('is that of the connection when no proxy is trusted, whatever the client claims', () => {
    expect(clientAddress(from('192.0.2.1', '203.0.113.9'), 0)).toBe('192.0.2.1');
  });

  it('is what the outermost trusted proxy saw', () => {
    expect(clientAddress(from('10.0.0.2', '6.6.6.6, 203.0.113.9'), 1)).toBe('203.0.113.9');
    expect(clientAddress(from('10.0.0.2', '6.6.6.6, 203.0.113.9, 10.0.0.1'), 2)).toBe('203.0.113.9');
  });

  it('is that of the connection when a trusted proxy said nothing', () => {
    expect(clientAddress(from('10.0.0.2'), 1)).toBe('10.0.0.2');
    expect(clientAddress(from('10.0.0.2', ' , '), 3)).toBe('10.0.0.2');
  });
});
