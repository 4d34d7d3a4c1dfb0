import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runPaced } from '../load/pace.ts';
import { p99, percentile } from './statistics.ts';

/** One request of a window. */
export interface PacedRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
  /** Told of an answer of any status; `dueAt` is when the request should have been sent, by `performance.now()`. */
  onAnswer?: (status: number, body: string, dueAt: number) => void;
}

export interface PacedWindow {
  origin: string;
  ratePerSecond: number;
  seconds: number;
  requestOf: (index: number) => PacedRequest;
}

export interface WindowResult {
  /** From the first send to the last answer. */
  elapsedMs: number;
  sent: number;
  succeeded: number;
  failed: number;
  p50Ms: number;
  /** Null where too few answers came to tell the slowest 1 % from the slowest one. */
  p99Ms: number | null;
  maxMs: number;
}

/** More are opened while that many wait: a slow shop does not hold the next request back. */
const OPEN_CONNECTIONS = 40;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Sends at a rate whatever the answers do (open loop), one request after another, on connections that were open before the first.
 * Latency counts from the moment a request was due: where shop and generator share cores, a shop that holds the generator up does not look faster for it.
 */
export async function sendPaced({ origin, ratePerSecond, seconds, requestOf }: PacedWindow): Promise<WindowResult> {
  const agent = await openConnections(origin);
  const latencies: number[] = [];
  let [sent, succeeded] = [0, 0];
  const begin = performance.now();
  const work = async (index: number, dueAt: number): Promise<void> => {
    sent += 1;
    const { ok, latencyMs } = await send({ origin, agent, dueAt }, requestOf(index)).catch(() => ({ ok: false, latencyMs: undefined }));
    if (ok) succeeded += 1;
    if (latencyMs !== undefined) latencies.push(latencyMs);
  };
  try {
    await runPaced({ pace: { rate: ratePerSecond }, count: ratePerSecond * seconds, work });
  } finally {
    agent.destroy();
  }
  const elapsedMs = performance.now() - begin;
  return { elapsedMs, sent, succeeded, failed: sent - succeeded, p50Ms: percentile(latencies, 0.5), p99Ms: p99(latencies), maxMs: percentile(latencies, 1) };
}

async function openConnections(origin: string): Promise<Agent> {
  const { hostname, port } = new URL(origin);
  const open = (): Socket => connect({ host: hostname, port: Number(port), noDelay: true });
  const stock = Array.from({ length: OPEN_CONNECTIONS }, open);
  await Promise.all(stock.map((socket) => once(socket, 'connect')));
  const agent = new Agent({ keepAlive: true, maxFreeSockets: OPEN_CONNECTIONS, scheduling: 'fifo' });
  agent.createConnection = () => stock.pop() ?? open();
  const destroy = agent.destroy.bind(agent);
  agent.destroy = () => {
    for (const socket of stock) socket.destroy();
    destroy();
  };
  return agent;
}

async function send(
  { origin, agent, dueAt }: { origin: string; agent: Agent; dueAt: number },
  { method, path, headers, body, onAnswer }: PacedRequest,
): Promise<{ ok: boolean; latencyMs: number }> {
  const sending = request(origin + path, { agent, method, ...(headers === undefined ? {} : { headers }), signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  const answered = new Promise<{ status: number; content: string }>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => {
      text(response).then((content) => { resolve({ status: response.statusCode ?? 0, content }); }, reject);
    });
  });
  sending.end(body);
  const { status, content } = await answered;
  const latencyMs = performance.now() - dueAt;
  onAnswer?.(status, content, dueAt);
  return { ok: status >= 200 && status < 300, latencyMs };
}
