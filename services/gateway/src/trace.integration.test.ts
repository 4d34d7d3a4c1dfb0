import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { request } from 'undici';
import { eventually } from './testing/eventually.ts';
import { startGatewayProcess } from './testing/start-gateway-process.ts';
import { startUpstream, type RunningUpstream } from './testing/start-upstream.ts';

const SERVER = 2;
const CLIENT = 3;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER_SPAN_ID = '00f067aa0ba902b7';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
}

interface Export {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
}

/** Takes spans as OTLP over HTTP in JSON. */
async function startCollector(): Promise<RunningUpstream & { spans: Span[] }> {
  const spans: Span[] = [];
  const collector = await startUpstream((incoming, response) => {
    void text(incoming).then((body) => {
      const { resourceSpans } = JSON.parse(body) as Export;
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.end('{}');
    });
  });
  return { ...collector, spans };
}

async function startTraced(listener: Parameters<typeof startUpstream>[0]): Promise<{ origin: string; upstream: RunningUpstream; spans: Span[] }> {
  const collector = await startCollector();
  const upstream = await startUpstream(listener);
  const { origin } = await startGatewayProcess({
    AUTH_URL: upstream.origin,
    ORDERS_URL: upstream.origin,
    NOTIFICATIONS_URL: upstream.origin,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  return { origin, upstream, spans: collector.spans };
}

describe('the trace of a request through the gateway', () => {
  it('is one: the caller, one server span, one client span, and the service behind is told of the last', async () => {
    const { origin, upstream, spans } = await startTraced((_request, response) => response.end('{}'));
    await request(`${origin}/api/v1/menu?a=1`, { headers: { traceparent: `00-${TRACE_ID}-${CALLER_SPAN_ID}-01` } });
    await eventually(() => spans.length >= 2, 'the spans are exported');
    const server = spans.find(({ kind }) => kind === SERVER);
    const client = spans.find(({ kind }) => kind === CLIENT);
    expect(spans).toHaveLength(2);
    expect(server).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER_SPAN_ID, name: 'GET /api/v1/menu' });
    expect(client).toMatchObject({ traceId: TRACE_ID, parentSpanId: server?.spanId });
    expect(upstream.requests[0]?.headers['traceparent']).toBe(`00-${TRACE_ID}-${String(client?.spanId)}-01`);
  });

  it('holds the second try too, and the problem names it', async () => {
    const { origin, upstream, spans } = await startTraced((_request, response) => void response.socket?.resetAndDestroy());
    const answer = await request(`${origin}/api/v1/menu`);
    const { traceId } = (await answer.body.json()) as { traceId: string };
    await eventually(() => spans.length >= 3, 'the spans are exported');
    expect(answer.statusCode).toBe(502);
    expect(spans.map((span) => [span.kind, span.traceId]).sort()).toEqual([SERVER, CLIENT, CLIENT].map((kind) => [kind, traceId]).sort());
    expect(upstream.requests.map(({ headers }) => String(headers['traceparent']).split('-')[1])).toEqual([traceId, traceId]);
  });
});
