import { EVENTS, TASKS, type CloudEvent, type MessageType } from '@doubleshot/contracts';
import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { exemplarOf, type Exemplar } from '../telemetry/exemplar.ts';
import { timeJson } from '../telemetry/json-time.ts';
import { passStep } from '../telemetry/steps.ts';
import type { Delivery, DeliveryHandler, Outcome } from './message.ts';
import { messageMetrics, type MessageMetrics } from './message-metrics.ts';
import { subjectOf } from './message-subject.ts';
import { outcomeOfError, reasonOf } from './retry-policy.ts';
import { fail, inProcessSpan, type MessageTracing } from './tracing.ts';

/** What handles one message type. */
export interface MessageRoute {
  type: MessageType;
  /** Rejects to have the message retried; with `PoisonError`, parked. */
  handle(event: CloudEvent, delivery: Delivery): Promise<void>;
}

export interface ProcessOptions {
  routes: readonly MessageRoute[];
  /** What becomes of a type without a route. */
  unknownType: 'ignore' | 'park';
  retryDelaysMs: readonly number[];
  system: string;
  /** Of a queue: where its tasks are sent. */
  exchange?: string | undefined;
  tracing: MessageTracing;
  logger: Logger;
  metrics: Registry;
}

const KNOWN_TYPES: ReadonlySet<string> = new Set([...EVENTS, ...TASKS].map(({ type }) => type));
/** `type` in metrics of what no contract names. */
const UNKNOWN = 'unknown';

interface Handled {
  outcome: Outcome;
  type: string;
  /** What the message says, as far as it could be read. */
  data?: unknown;
  ignored?: boolean;
  error?: unknown;
}

/**
 * Wraps the handlers of message types into one handler of deliveries: parse, validate, consumer span, retry by policy, park with reason, one log line, metrics.
 * What it answers never depends on the adapter.
 */
export function createMessageProcessor(options: ProcessOptions): DeliveryHandler {
  const routes = new Map(options.routes.map((route) => [route.type.type, route]));
  const metrics = messageMetrics(options.metrics);
  return (delivery) =>
    inProcessSpan(delivery, options, async (span) => {
      const { source, message } = delivery;
      passStep('received', source, message.id);
      if (options.logger.isLevelEnabled('debug')) options.logger.debug(placeOf(delivery), 'message received');
      const startedMs = performance.now();
      const handled = await handle(delivery, routes, options);
      describe(span, handled);
      report(delivery, handled, { durationMs: performance.now() - startedMs, exemplar: exemplarOf(span.spanContext()), logger: options.logger, metrics });
      passStep(handled.outcome.kind === 'done' ? 'handled' : 'failed', source, message.id);
      return handled.outcome;
    });
}

async function handle(delivery: Delivery, routes: ReadonlyMap<string, MessageRoute>, { unknownType, retryDelaysMs }: ProcessOptions): Promise<Handled> {
  const parsed = parse(delivery.message.payload);
  if ('problem' in parsed) return { outcome: { kind: 'park', reason: parsed.problem }, type: UNKNOWN };
  const data = (parsed.value as { data?: unknown }).data;
  const route = routes.get(parsed.type);
  if (route === undefined) {
    if (unknownType === 'ignore') return { outcome: { kind: 'done' }, type: parsed.type, data, ignored: true };
    return { outcome: { kind: 'park', reason: `unknown type "${parsed.type.slice(0, 100)}"` }, type: UNKNOWN, data };
  }
  const checked = route.type.schema.safeParse(parsed.value);
  if (!checked.success) return { outcome: { kind: 'park', reason: `does not match ${parsed.type}: ${issuesOf(checked.error)}` }, type: parsed.type, data };
  try {
    await route.handle(checked.data, delivery);
    return { outcome: { kind: 'done' }, type: parsed.type, data };
  } catch (error) {
    const ageMs = Date.now() - Date.parse(checked.data.time);
    return { outcome: outcomeOfError(error, { attempt: delivery.attempt, ageMs, retryDelaysMs }), type: parsed.type, data, error };
  }
}

function parse(payload: string): { type: string; value: unknown } | { problem: string } {
  try {
    const value = timeJson('decode', (): unknown => JSON.parse(payload));
    if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') return { type: value.type, value };
    return { problem: 'not a CloudEvent: it has no type' };
  } catch (error) {
    return { problem: `not JSON: ${reasonOf(error)}` };
  }
}

const ISSUES_SHOWN = 3;
const NS_PER_MS = 1e6;

function issuesOf(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  return error.issues.slice(0, ISSUES_SHOWN).map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; ');
}

function describe(span: Span, { outcome, type, ignored, error }: Handled): void {
  if (!span.isRecording()) return;
  span.setAttributes({ 'doubleshot.message.type': type, 'doubleshot.message.outcome': ignored === true ? 'ignored' : outcome.kind });
  if (outcome.kind === 'done') return;
  span.setAttribute('doubleshot.message.reason', outcome.reason);
  if (outcome.kind === 'retry') span.setAttribute('doubleshot.message.retry_delay_ms', outcome.delayMs);
  if (error === undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.reason });
  else fail(span, error);
}

interface ReportOptions {
  durationMs: number;
  exemplar: Exemplar;
  logger: Logger;
  metrics: MessageMetrics;
}

function placeOf({ source, group, attempt, message }: Delivery): Record<string, string | number> {
  return { 'messaging.source': source, 'messaging.group': group, 'messaging.id': message.id, 'messaging.attempt': attempt };
}

/** One line and one measurement for a message. Fields are those of ECS, and `messaging.*`, by their full names. */
function report(delivery: Delivery, { outcome, type, data, ignored, error }: Handled, { durationMs, exemplar, logger, metrics }: ReportOptions): void {
  const { source } = delivery;
  const what = ignored === true ? 'ignored' : outcome.kind;
  const labels = { source, type: ignored === true && !KNOWN_TYPES.has(type) ? UNKNOWN : type };
  metrics.messages.inc({ ...labels, outcome: what });
  metrics.durationSeconds.observe({ labels, value: durationMs / 1_000, exemplarLabels: exemplar });
  const { orderId, userId } = subjectOf(data);
  const line = {
    ...placeOf(delivery),
    'messaging.type': type,
    'messaging.outcome': what,
    'event.duration': Math.round(durationMs * NS_PER_MS),
    ...(orderId !== undefined && { 'order.id': orderId }),
    ...(userId !== undefined && { 'user.id': userId }),
  };
  if (outcome.kind === 'done') logger.info(line, 'message handled');
  else if (outcome.kind === 'retry') logger.warn({ ...line, err: error, retryInMs: outcome.delayMs }, 'message failed, it comes again');
  else logger.error({ ...line, err: error, reason: outcome.reason }, 'message parked');
}
