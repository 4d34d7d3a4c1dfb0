import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parseTraceExport } from './otlp-json.ts';
import type { Span } from './span.ts';
import { createSpanStore } from './span-store.ts';

/** Attributes that services set on their business spans. */
const ORDER_ID = 'doubleshot.order.id';
const REPLAYED = 'doubleshot.order.replayed';

/** An OTLP/HTTP receiver for traces that keeps spans in memory. */
export interface TraceReceiver {
  /** The value of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  /** Spans received so far, those no longer kept too. */
  readonly received: number;
  /** Spans of a trace, earliest first. */
  trace(traceId: string): readonly Span[];
  /** Spans of the trace in which the order was placed, earliest first; with links, of the traces linked to it besides. */
  traceOfOrder(orderId: string): readonly Span[];
  /** Every trace that is kept; the spans of each earliest first. */
  all(): readonly (readonly Span[])[];
  clear(): void;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface TraceReceiverOptions {
  /** A free one unless told. */
  port?: number;
  /** Address it listens on; the loopback interface unless told. */
  host?: string;
  /** Spans kept; whole traces are dropped beyond it, the oldest first. */
  limit?: number;
}

const DEFAULT_LIMIT = 200_000;
const MAX_BODY_BYTES = 20_000_000;

export async function startTraceReceiver(options: TraceReceiverOptions = {}): Promise<TraceReceiver> {
  const host = options.host ?? '127.0.0.1';
  const store = createSpanStore({ limit: options.limit ?? DEFAULT_LIMIT, valueOf: orderOf });
  const server = createServer((request, response) => void receive(request, response, (spans) => { store.add(spans); }));
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host}:${port}`,
    get received() {
      return store.received;
    },
    trace: (traceId) => store.trace(traceId),
    traceOfOrder: (orderId) => store.tracesWith(orderId),
    all: () => store.all(),
    clear: () => { store.clear(); },
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.close(() => { resolve(); });
        server.closeAllConnections();
      })),
  };
}

/** The order a span is about. A request that only got the answer of an earlier one is no part of the order's trace. */
function orderOf({ attributes }: Span): string | undefined {
  const orderId = attributes[ORDER_ID];
  return orderId === undefined || attributes[REPLAYED] === true ? undefined : String(orderId);
}

async function receive(request: IncomingMessage, response: ServerResponse, keep: (spans: Span[]) => void): Promise<void> {
  try {
    const body = await bodyOf(request);
    if (request.url !== '/v1/traces') answer(response, 404, 'only /v1/traces is received here');
    else if (request.headers['content-type']?.startsWith('application/json') !== true) answer(response, 415, 'only JSON is received here');
    else {
      const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      keep(parseTraceExport(JSON.parse(text.toString('utf8'))));
      answer(response, 200);
    }
  } catch (error) {
    answer(response, 400, String(error));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the export request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, message?: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(message === undefined ? {} : { message }));
}
