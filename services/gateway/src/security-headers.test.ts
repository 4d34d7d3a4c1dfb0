import { describe, expect, it } from 'vitest';
import { API_SECURITY_HEADERS, PAGE_SECURITY_HEADERS } from './security-headers.ts';

describe('security headers', () => {
  it('lets an API answer load nothing and be framed by nobody', () => {
    expect(Object.fromEntries(API_SECURITY_HEADERS)).toEqual({
      'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
  });

  it('lets the page run script from its own origin alone', () => {
    const policy = Object.fromEntries(PAGE_SECURITY_HEADERS)['Content-Security-Policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('http');
  });
});
