import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { request } from 'undici';
import { eventually } from '../../../tests/setup/eventually.ts';
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
  attributes: { key: string; value: unknown }[];
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

async function startTraced(listener: Parameters<typeof startUpstream>[0], environment: Record<string, string> = {}): Promise<{ origin: string; upstream: RunningUpstream; spans: Span[] }> {
  const collector = await startCollector();
  const upstream = await startUpstream(listener);
  const { origin } = await startGatewayProcess({
    AUTH_URL: upstream.origin,
    ORDERS_URL: upstream.origin,
    NOTIFICATIONS_URL: upstream.origin,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    ...environment,
  });
  return { origin, upstream, spans: collector.spans };
}

describe('the trace of a request through the gateway', () => {
  it('is one: the caller, one server span, one client span, neither with the query, and the service behind is told of the last', async () => {
    const { origin, upstream, spans } = await startTraced((_request, response) => response.end('{}'), { TRUST_TRACE_CONTEXT: 'true' });
    await request(`${origin}/api/v1/menu?token=hunter2`, { headers: { traceparent: `00-${TRACE_ID}-${CALLER_SPAN_ID}-01` } });
    await eventually(() => spans.length >= 2, 'the spans are exported');
    const server = spans.find(({ kind }) => kind === SERVER);
    const client = spans.find(({ kind }) => kind === CLIENT);
    expect(spans).toHaveLength(2);
    expect(server).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER_SPAN_ID, name: 'GET /api/v1/menu' });
    expect(client).toMatchObject({ traceId: TRACE_ID, parentSpanId: server?.spanId });
    expect(upstream.requests[0]?.headers['traceparent']).toBe(`00-${TRACE_ID}-${String(client?.spanId)}-01`);
    expect(upstream.requests[0]?.url).toBe('/api/v1/menu?token=hunter2');
    expect(client?.attributes).toContainEqual({ key: 'url.full', value: { stringValue: `${upstream.origin}/api/v1/menu` } });
    expect(JSON.stringify(spans)).not.toContain('hunter2');
  });

  it('is its own when the caller is not trusted, recorded or not as the sampler says and not as the caller does, and names the caller’s', async () => {
    const { origin, upstream, spans } = await startTraced((_request, response) => response.end('{}'));
    await request(`${origin}/api/v1/menu`, { headers: { traceparent: `00-${TRACE_ID}-${CALLER_SPAN_ID}-00`, tracestate: 'a=b', baggage: 'c=d' } });
    await eventually(() => spans.length >= 2, 'the spans are exported');
    const server = spans.find(({ kind }) => kind === SERVER);
    expect(server?.traceId).not.toBe(TRACE_ID);
    expect(server?.parentSpanId ?? '').toBe('');
    expect(server?.attributes).toContainEqual({ key: 'doubleshot.caller.trace_id', value: { stringValue: TRACE_ID } });
    expect(upstream.requests[0]?.headers).toMatchObject({ traceparent: expect.stringMatching(`^00-${String(server?.traceId)}-`) as string });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('tracestate');
    expect(upstream.requests[0]?.headers).not.toHaveProperty('baggage');
  });

  it('is not recorded when the sampler says so, and the service behind is told', async () => {
    const { origin, upstream, spans } = await startTraced((_request, response) => response.end('{}'), { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });
    const answer = await request(`${origin}/api/v1/nothing`);
    await request(`${origin}/api/v1/menu`);
    expect(((await answer.body.json()) as { traceId: string }).traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(upstream.requests[0]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(spans).toEqual([]);
  });

  it('is told to the service behind also when it is not recorded: a problem of either names the same', async () => {
    const { origin, upstream } = await startTraced((_request, response) => void response.socket?.resetAndDestroy(), { OTEL_TRACES_SAMPLER: 'always_off' });
    const { traceId } = (await (await request(`${origin}/api/v1/menu`)).body.json()) as { traceId: string };
    const told = upstream.requests.map(({ headers }) => String(headers['traceparent']));
    expect(told).toEqual([0, 1].map(() => expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`)) as string));
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
