import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

export type FixedHeaders = readonly (readonly [name: string, value: string])[];

/** What helmet would set on every answer, found out once. Options that give fixed values only. */
function headersOf(middleware: ReturnType<typeof helmet>): FixedHeaders {
  const headers: [string, string][] = [];
  const recorder = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  };
  middleware({} as unknown as IncomingMessage, recorder as unknown as ServerResponse, () => undefined);
  return headers;
}

const LEAN = {
  crossOriginEmbedderPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xPoweredBy: false,
  xXssProtection: false,
} as const;

/** An API answer is data: nothing in it may load, run or be framed. */
export const API_SECURITY_HEADERS = headersOf(
  helmet({
    ...LEAN,
    crossOriginOpenerPolicy: false,
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
  }),
);

/** The page about the API: its own script and style, and requests to this origin. */
export const PAGE_SECURITY_HEADERS = headersOf(
  helmet({
    ...LEAN,
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        // The page writes style attributes while it renders.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
  }),
);

export function setFixedHeaders(response: ServerResponse, headers: FixedHeaders): void {
  for (const [name, value] of headers) response.setHeader(name, value);
}
