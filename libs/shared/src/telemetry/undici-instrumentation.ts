import { context, propagation, trace, type Attributes } from '@opentelemetry/api';
import { UndiciInstrumentation, type UndiciRequest } from '@opentelemetry/instrumentation-undici';
import { redactText } from '../logging/redaction.ts';
import { isUnrecorded } from './is-unrecorded.ts';

/** The CLIENT span of each request that another span caused. Without the query, as on the side of the server: it may hold what somebody typed. */
export function createUndiciInstrumentation(): UndiciInstrumentation {
  return new UndiciInstrumentation({ requireParentforSpans: true, ignoreRequestHook: isHandedOn, startSpanHook: urlAttributes });
}

/** Of an exchange that is not recorded the other side is told as always; its attributes need not be put together. */
function isHandedOn(request: UndiciRequest): boolean {
  const active = context.active();
  const span = trace.getSpan(active);
  if (span === undefined || !isUnrecorded(span)) return false;
  propagation.inject(active, request, ADD_HEADER);
  return true;
}

const ADD_HEADER = { set: (request: UndiciRequest, name: string, value: string): void => { request.addHeader(name, value); } };

/** They take the place of those of the instrumentation. What a client says it is, the SERVER span has. */
function urlAttributes({ origin, path }: UndiciRequest): Attributes {
  const query = path.indexOf('?');
  const shown = redactText(query === -1 ? path : path.slice(0, query));
  return { 'url.full': origin + shown, 'url.path': shown, 'url.query': undefined, 'user_agent.original': undefined };
}
