import { Pool, type Dispatcher } from 'undici';
import { faultOfAnswer, parseJson } from '../support/contract.ts';
import type { WildRequest } from './request-arbitrary.ts';

/** Nothing here may take so long: no request asks to wait. */
const HANG_MS = 15_000;
const CONNECTIONS = 16;

export interface WildSender {
  /** What is wrong with the answer, or `undefined`. */
  send(request: WildRequest): Promise<string | undefined>;
  /** Answers so far, by status. */
  statuses: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

export function createWildSender(origin: string): WildSender {
  const pool = new Pool(origin, { connections: CONNECTIONS, headersTimeout: HANG_MS, bodyTimeout: HANG_MS });
  const statuses = new Map<number, number>();
  return {
    statuses,
    async send({ method, path, headers, body }) {
      try {
        const answer = await pool.request({ method, path, headers, body });
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
        return await faultOf(answer, method, path);
      } catch (error) {
        return `no answer: ${String(error)}`;
      }
    },
    close: () => pool.destroy(),
  };
}

async function faultOf({ statusCode: status, headers, body }: Dispatcher.ResponseData, method: string, path: string): Promise<string | undefined> {
  if (status < 400 && String(headers['content-type']).startsWith('text/event-stream')) {
    body.on('error', () => undefined).destroy();
    return undefined;
  }
  const text = await body.text();
  if (status >= 500) return `answered ${status}: ${text.slice(0, 300)}`;
  return faultOfAnswer(method, path, { status, headers, text, body: parseJson(text) });
}
