import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { errorCode } from '../errors/error-code.ts';
import { redactText } from '../logging/redaction.ts';

/** Marks a span failed, and tells the error in it. Other programs name people in theirs, a mail server the address that it refuses: that is taken out, as in log lines. */
export function recordError(span: Span, error: unknown): void {
  const message = redactText(error instanceof Error ? error.message : String(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  if (!(error instanceof Error)) return;
  span.recordException({ name: error.name, code: errorCode(error) ?? '', message, stack: redactText(error.stack ?? '') });
}
