import { Pool } from 'undici';
import { lookupLocalhost } from './lookup-localhost.ts';

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT';
  path: string;
  token?: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

export interface ApiAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed if JSON, the text otherwise. */
  body: unknown;
}

/** Speaks to one origin, with keep-alive. Rejects only when no whole answer came. */
export interface ApiClient {
  request(request: ApiRequest): Promise<ApiAnswer>;
  close(): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_MS = 4_000;

export interface ApiClientOptions {
  connections?: number;
  timeoutMs?: number;
}

export function createApiClient(origin: string, options: ApiClientOptions = {}): ApiClient {
  const timeoutMs = options.timeoutMs ?? ANSWER_TIMEOUT_MS;
  const pool = new Pool(origin, {
    connections: options.connections ?? 16,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: lookupLocalhost },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  return {
    async request({ method = 'GET', path, token, headers, body }) {
      const answer = await pool.request({
        method,
        path,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.statusCode, headers: answer.headers, body: parse(await answer.body.text()) };
    },
    close: () => pool.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
