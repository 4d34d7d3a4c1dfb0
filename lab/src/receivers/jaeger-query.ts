import { z } from 'zod';
import { LabError } from '../errors.ts';
import { parseJaegerTraces } from './jaeger-json.ts';
import type { Span } from './span.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const LOOKBACK_MS = 7 * 86_400_000;
const MOST_TRACES = 20;
/** An order goes through five messages one after another. */
const MOST_ROUNDS = 10;
const MESSAGE_ID = 'messaging.message.id';

const Services = z.object({ data: z.array(z.string()).nullish() });

/**
 * The spans of an order that Jaeger has (https://www.jaegertracing.io/docs/latest/apis/#query-json-over-http), earliest first; none when it knows nothing of it.
 * Where messages are traced by links, the traces that handle them are found by the ids of what was sent, for Jaeger does not search by links.
 */
export async function jaegerTraceOfOrder(origin: string, orderId: string): Promise<Span[]> {
  const services = Services.parse(await get(origin, '/api/services', {})).data ?? [];
  const found = new Map<string, Span>();
  const search = async (tag: string, value: string): Promise<void> => {
    const answers = await Promise.all(services.map((service) => get(origin, '/api/traces', queryFor(service, { [tag]: value }))));
    for (const span of answers.flatMap(parseJaegerTraces)) found.set(span.spanId, span);
  };
  await search('doubleshot.order.id', orderId);
  const sought = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const ids = unhandled([...found.values()]).filter((id) => !sought.has(id));
    if (ids.length === 0) break;
    for (const id of ids) {
      sought.add(id);
      await search(MESSAGE_ID, id);
    }
  }
  return withoutReplays([...found.values()]).sort((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
}

function queryFor(service: string, tags: Record<string, string>): Record<string, string> {
  const endMs = Date.now();
  return { service, tags: JSON.stringify(tags), start: String((endMs - LOOKBACK_MS) * 1_000), end: String(endMs * 1_000), limit: String(MOST_TRACES) };
}

/** Ids of messages that were sent, and handled in no trace found so far. */
function unhandled(spans: readonly Span[]): string[] {
  const idsOf = (kind: Span['kind']): string[] => spans.filter((span) => span.kind === kind).map(({ attributes }) => String(attributes[MESSAGE_ID]));
  const handled = new Set(idsOf('consumer'));
  return idsOf('producer').filter((id) => !handled.has(id));
}

/** A request that only got the answer of an earlier one is no part of the order's trace. */
function withoutReplays(spans: readonly Span[]): Span[] {
  const replays = new Set(spans.filter(({ attributes }) => attributes['doubleshot.order.replayed'] === true).map(({ traceId }) => traceId));
  return spans.filter(({ traceId }) => !replays.has(traceId));
}

async function get(origin: string, path: string, query: Record<string, string>): Promise<unknown> {
  const url = new URL(`${origin.replace(/\/$/, '')}${path}`);
  url.search = new URLSearchParams(query).toString();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
    return await response.json();
  } catch (error) {
    throw new LabError(`Jaeger's query service at ${origin} cannot be asked: ${error instanceof Error ? error.message : String(error)}`);
  }
}
