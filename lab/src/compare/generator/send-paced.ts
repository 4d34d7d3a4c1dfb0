import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { runPaced, type Pace } from '../../load/pace.ts';
import { p99, percentile } from '../statistics.ts';
import { bucketsOf, type LatencyBuckets } from './latency-histogram.ts';

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
  pace: Pace;
  seconds: number;
  requestOf: (index: number) => PacedRequest;
  /** Most that wait at once; what is due beyond that is dropped. */
  mostWaiting?: number;
  /** A request that is not answered by then has failed. */
  timeoutMs?: number;
}

export interface WindowResult {
  /** From the first send to the last answer. */
  elapsedMs: number;
  /** Requests that were due; those dropped among them. */
  due: number;
  succeeded: number;
  failed: number;
  dropped: number;
  /** How many waited in the middle of the window, and when the last request was due. */
  backlog: { middle: number; end: number };
  bytes: { sent: number; received: number };
  p50Ms: number;
  /** Null where too few were due to tell the slowest 1 % from the slowest one. */
  p99Ms: number | null;
  maxMs: number;
  buckets: LatencyBuckets;
}

/** More are opened while that many wait: a slow shop does not hold the next request back. */
const OPEN_CONNECTIONS = 40;
/** A shop that lets so many wait is lost; more connections would only break the generator too. */
const MOST_WAITING = 2_000;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Sends at a rate whatever the answers do (open loop), one request after another, on connections that were open before the first;
 * or so many at once, each anew when it is answered (closed loop).
 * Latency counts from the moment a request was due: where shop and generator share cores, a shop that holds the generator up does not look faster for it.
 * Every request that was due is in the percentiles. One that was dropped, never answered, or answered otherwise than with success counts as slower than all
 * that succeeded, and as its time-out at least: a shop does not look faster for those it lets down.
 */
export async function sendPaced({ origin, pace, seconds, requestOf, mostWaiting = MOST_WAITING, timeoutMs = REQUEST_TIMEOUT_MS }: PacedWindow): Promise<WindowResult> {
  const connections = await openConnections(origin);
  const { agent } = connections;
  const latencies: number[] = [];
  let [due, dropped, waiting, longestMs] = [0, 0, 0, timeoutMs];
  const backlog = { middle: 0, end: 0 };
  const count = 'rate' in pace ? Math.max(1, Math.round(pace.rate * seconds)) : Infinity;
  const begin = performance.now();
  const work = async (index: number, dueAt: number): Promise<void> => {
    due += 1;
    if (index === Math.floor(count / 2)) backlog.middle = waiting;
    if (index === count - 1) backlog.end = waiting;
    if (waiting >= mostWaiting) {
      dropped += 1;
      return;
    }
    waiting += 1;
    const ok = await send({ origin, agent, dueAt, timeoutMs }, requestOf(index)).catch(() => false);
    waiting -= 1;
    const latencyMs = performance.now() - dueAt;
    longestMs = Math.max(longestMs, latencyMs);
    if (ok) latencies.push(latencyMs);
  };
  try {
    await runPaced({ pace, ...('rate' in pace ? { count } : { durationMs: seconds * 1_000 }), work });
  } finally {
    agent.destroy();
  }
  const elapsedMs = performance.now() - begin;
  const succeeded = latencies.length;
  const failed = due - succeeded;
  latencies.push(...Array<number>(failed).fill(longestMs));
  const latency = { p50Ms: percentile(latencies, 0.5), p99Ms: p99(latencies), maxMs: percentile(latencies, 1), buckets: bucketsOf(latencies) };
  return { elapsedMs, due, succeeded, failed, dropped, backlog, bytes: connections.bytes(), ...latency };
}

async function openConnections(origin: string): Promise<{ agent: Agent; bytes(): { sent: number; received: number } }> {
  const { hostname, port } = new URL(origin);
  const all: Socket[] = [];
  const open = (): Socket => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    all.push(socket);
    return socket;
  };
  const stock = Array.from({ length: OPEN_CONNECTIONS }, open);
  await Promise.all(stock.map((socket) => once(socket, 'connect')));
  const agent = new Agent({ keepAlive: true, maxFreeSockets: OPEN_CONNECTIONS, scheduling: 'fifo' });
  agent.createConnection = () => stock.pop() ?? open();
  const destroy = agent.destroy.bind(agent);
  agent.destroy = () => {
    for (const socket of stock) socket.destroy();
    destroy();
  };
  const sum = (of: (socket: Socket) => number): number => all.reduce((total, socket) => total + of(socket), 0);
  return { agent, bytes: () => ({ sent: sum(({ bytesWritten }) => bytesWritten), received: sum(({ bytesRead }) => bytesRead) }) };
}

/** Whether it was answered with success. */
async function send(
  { origin, agent, dueAt, timeoutMs }: { origin: string; agent: Agent; dueAt: number; timeoutMs: number },
  { method, path, headers, body, onAnswer }: PacedRequest,
): Promise<boolean> {
  const sending = request(origin + path, { agent, method, ...(headers === undefined ? {} : { headers }), signal: AbortSignal.timeout(timeoutMs) });
  const answered = new Promise<{ status: number; content: string }>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => {
      text(response).then((content) => { resolve({ status: response.statusCode ?? 0, content }); }, reject);
    });
  });
  sending.end(body);
  const { status, content } = await answered;
  onAnswer?.(status, content, dueAt);
  return status >= 200 && status < 300;
}
