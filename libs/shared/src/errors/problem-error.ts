import { PROBLEMS, type FieldError, type ProblemCode } from '@doubleshot/contracts';

/**
 * An expected failure that the client is told about as a problem document. `code` decides the status.
 * `detail` is shown to the client: no SQL, no stack, no secret.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  /** Extra response headers, for example `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail?: string, more: { errors?: readonly FieldError[]; headers?: Record<string, string>; cause?: unknown } = {}) {
    super(detail ?? PROBLEMS[code].title, { cause: more.cause });
    this.code = code;
    this.detail = detail;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}
