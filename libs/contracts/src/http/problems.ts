import { z } from 'zod';

/** Every cause of an error answer: its stable `code`, its status and its title. The only place that maps a code to a status. */
export const PROBLEMS = {
  validation_failed: { status: 400, title: 'The request does not have the expected form' },
  malformed_request: { status: 400, title: 'The request could not be read' },
  idempotency_key_missing: { status: 400, title: 'The Idempotency-Key header is missing' },
  cursor_invalid: { status: 400, title: 'The cursor is not one this list gave out' },
  token_missing: { status: 401, title: 'A bearer token is needed' },
  token_invalid: { status: 401, title: 'The bearer token is not valid' },
  token_expired: { status: 401, title: 'The bearer token has expired' },
  credentials_invalid: { status: 401, title: 'E-mail or password is wrong' },
  refresh_token_invalid: { status: 401, title: 'The refresh token is not valid' },
  forbidden: { status: 403, title: 'This needs another role' },
  route_not_found: { status: 404, title: 'There is nothing at this path' },
  order_not_found: { status: 404, title: 'There is no such order' },
  menu_item_not_found: { status: 404, title: 'There is no such menu item' },
  method_not_allowed: { status: 405, title: 'This path does not take this method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  email_taken: { status: 409, title: 'This e-mail address is registered already' },
  out_of_stock: { status: 409, title: 'Not enough in stock' },
  menu_item_unavailable: { status: 409, title: 'A menu item is not on sale' },
  order_not_cancellable: { status: 409, title: 'The order can no longer be cancelled' },
  idempotency_in_progress: { status: 409, title: 'A request with this Idempotency-Key is still running' },
  precondition_failed: { status: 412, title: 'The resource has changed since it was read' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  uri_too_long: { status: 414, title: 'The path or query is too long' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used with another body' },
  precondition_required: { status: 428, title: 'An If-Match header is needed' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  upstream_failed: { status: 502, title: 'A service behind the gateway failed' },
  overloaded: { status: 503, title: 'Too much at once; nothing was done' },
  unavailable: { status: 503, title: 'The service cannot answer now' },
  upstream_timeout: { status: 504, title: 'A service behind the gateway did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** Media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One thing that is wrong with a request: where (a JSON pointer, or the name of a header, query or path parameter) and what. */
export const FieldError = z.object({ in: z.enum(['body', 'query', 'path', 'header']), at: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** An error answer. Compare by `code`; `detail` is for people and may change. */
export const Problem = z
  .object({
    type: z.string().meta({ description: 'A URI reference that names the cause, /problems/<code>: the gateway answers it with a page about it.' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES),
    detail: z.string().meta({ description: 'A sentence about this answer; where there is no more to say, what the title says.' }),
    traceId: z.string().optional().meta({ description: 'The trace of this request, where one was recorded.' }),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
