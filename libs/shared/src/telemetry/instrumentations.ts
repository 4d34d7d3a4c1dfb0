import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { takeCallersTrace } from './callers-trace.ts';
import { serverRoute } from './server-route.ts';

/** Modules that the instrumentations patch as they are loaded. undici is listened to by diagnostics channel instead. */
export const PATCHED_MODULES = ['http', 'https', 'pg', 'pg-pool'];

const OPS_PATHS = /^\/(?:livez|readyz|metrics|log-level|parked)(?:[/?]|$)/;

/**
 * Spans for HTTP on both sides and for statements, and for nothing else: each span costs some 10 µs.
 * What no request and no message caused (polls, probes, key fetches) makes none.
 */
export function createInstrumentations(): Instrumentation[] {
  return [
    new HttpInstrumentation({
      disableOutgoingRequestInstrumentation: true,
      // Called before the trace context is read from the headers.
      startIncomingSpanHook: takeCallersTrace,
      ignoreIncomingRequestHook: ({ url }) => OPS_PATHS.test(url ?? ''),
      applyCustomAttributesOnSpan: (span, request, response) => nameServerSpan(span, request as IncomingMessage, response as ServerResponse),
    }),
    new UndiciInstrumentation({ requireParentforSpans: true }),
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true, requestHook: (span, { query }) => { nameStatementSpan(span, query); } }),
  ];
}

function nameServerSpan(span: Span, { method }: IncomingMessage, response: ServerResponse): void {
  const route = serverRoute(response);
  if (route !== undefined) span.setAttribute('http.route', route).updateName(`${method ?? ''} ${route}`);
}

/** Our statements have names; one without is a single command (BEGIN, COMMIT). https://opentelemetry.io/docs/specs/semconv/db/database-spans/#name */
function nameStatementSpan(span: Span, { name, text }: { name?: string; text: string }): void {
  if (name === undefined) {
    const [command = ''] = text.trimStart().split(/[\s;]/, 1);
    span.updateName(command).setAttribute('db.operation.name', command);
  } else span.updateName(name).setAttribute('db.query.summary', name);
}
