import { PROBLEMS, PROBLEM_MEDIA_TYPE, type Operation, type Problem, type ProblemCode } from '@doubleshot/contracts';

/** Causes of error that any operation can have. */
const OF_EVERY_OPERATION: readonly ProblemCode[] = [
  'malformed_request',
  'request_timeout',
  'uri_too_long',
  'rate_limited',
  'headers_too_large',
  'internal',
  'upstream_failed',
  'overloaded',
  'unavailable',
  'upstream_timeout',
];

const OF_A_TOKEN: readonly ProblemCode[] = ['token_missing', 'token_invalid', 'token_expired'];
const OF_A_BODY: readonly ProblemCode[] = ['payload_too_large', 'unsupported_media_type'];

const EXAMPLE_TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const HEADERS: Partial<Record<number, Record<string, string>>> = {
  401: { 'WWW-Authenticate': 'The scheme that is asked for.' },
  429: {
    'Retry-After': 'Seconds after which to come again.',
    RateLimit: 'What is left, and for how long.',
    'RateLimit-Policy': 'The limit that was reached.',
  },
  503: { 'Retry-After': 'Seconds after which to come again, where that is known.' },
};

/** Every cause of error of an operation, its own and those that come with what it takes. */
export function problemCodesOf(operation: Operation): ProblemCode[] {
  const { request, access, requiredHeaders = {} } = operation;
  const codes = new Set<ProblemCode>([...OF_EVERY_OPERATION, ...Object.values(requiredHeaders), ...operation.problems]);
  if (Object.values(request).some((schema) => schema !== undefined)) codes.add('validation_failed');
  if (access !== 'public') for (const code of OF_A_TOKEN) codes.add(code);
  if (access === 'staff') codes.add('forbidden');
  if (request.body !== undefined) for (const code of OF_A_BODY) codes.add(code);
  return [...codes];
}

/** Error responses by status, with an example for each code. */
export function problemResponses(operation: Operation): Record<string, object> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemCodesOf(operation)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), problemResponse(status, codes)]));
}

function problemResponse(status: number, codes: readonly ProblemCode[]): object {
  const headers = HEADERS[status];
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    ...(headers === undefined ? {} : { headers: describeHeaders(headers) }),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

export function describeHeaders(headers: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]));
}

/** One example document for each code. */
export function problemExamples(codes: readonly ProblemCode[]): Record<string, { value: Problem }> {
  return Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }]));
}

function exampleOf(code: ProblemCode): Problem {
  const { status, title } = PROBLEMS[code];
  const problem: Problem = { type: `/problems/${code}`, title, status, code, detail: `${title}.`, traceId: EXAMPLE_TRACE_ID };
  return code === 'validation_failed' ? { ...problem, errors: [{ in: 'body', at: '/items/0/quantity', message: 'must be at least 1' }] } : problem;
}
