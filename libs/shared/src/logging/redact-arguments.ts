import type { LogFn, Logger } from 'pino';
import { redact, redactText, redactValue } from './redaction.ts';

type LogArguments = Parameters<LogFn>;

/** A hook of pino: the message of a line, and what is put into it, like the fields. Where none is given pino takes that of the error, so it is given here. */
export function redactArguments(this: Logger, given: LogArguments, log: LogFn): void {
  const [first, ...texts] = given as unknown[];
  const shown = texts.length === 0 ? messageOf(first) : texts.map((text) => redactValue(text));
  log.apply(this, [typeof first === 'string' ? redactText(first) : first, ...shown] as LogArguments);
}

function messageOf(fields: unknown): string[] {
  const error = fields instanceof Error ? fields : (fields as { err?: unknown } | null | undefined)?.err;
  return error instanceof Error ? [redactText(error.message)] : [];
}

/** Has a logger and its children hide what is secret in the bindings of a child: pino formats those of the first logger alone. */
export function redactBindings(logger: Logger): void {
  const { child } = logger as { child(this: Logger, bindings: object, options?: object): unknown };
  Object.assign(logger, { child(this: Logger, bindings: object, options?: object): unknown { return child.call(this, redact(bindings), options); } });
}
