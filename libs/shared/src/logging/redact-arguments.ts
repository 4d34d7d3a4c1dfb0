import type { LogFn, Logger } from 'pino';
import { redact, redactValue } from './redaction.ts';

/** A hook of pino: the message of a line, and what is put into it, like the fields. Where none is given pino takes that of the error, so it is given here. */
export function redactArguments(this: Logger, given: Parameters<LogFn>, log: LogFn): void {
  const shown = given as unknown[];
  const isText = typeof shown[0] === 'string';
  if (shown.length === 1 && !isText) shown.push(messageOf(shown[0]));
  // The format of the line looks through the fields.
  for (let at = isText ? 0 : 1; at < shown.length; at += 1) shown[at] = redactValue(shown[at]);
  log.apply(this, given);
}

function messageOf(fields: unknown): string | undefined {
  const error = fields instanceof Error ? fields : (fields as { err?: unknown } | null | undefined)?.err;
  return error instanceof Error ? error.message : undefined;
}

/** Has a logger and its children hide what is secret in the bindings of a child: pino formats those of the first logger alone. */
export function redactBindings(logger: Logger): void {
  const { child } = logger as { child(this: Logger, bindings: object, options?: object): unknown };
  Object.assign(logger, { child(this: Logger, bindings: object, options?: object): unknown { return child.call(this, redact(bindings), options); } });
}
