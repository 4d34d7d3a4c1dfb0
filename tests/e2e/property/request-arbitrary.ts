import { OPERATIONS, type Operation } from '@doubleshot/contracts';
import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';
import { arbitraryOf, type KnownValues } from './schema-arbitrary.ts';
import { broken, wildValue } from './wild-values.ts';

/** One request as it goes over the wire. */
export interface WildRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

export interface Known extends KnownValues {
  /** Access tokens that are valid. */
  tokens: readonly string[];
  refreshTokens: readonly string[];
}

const OTHER_METHODS = ['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'HEAD', 'POST', 'GET', 'PATCH'];
const HUGE_BODY_BYTES = 70_000;
/** Longer than any header or query value the contracts allow, shorter than what heads may have. */
const LONG_VALUE_LENGTH = 1_500;

/** Requests around the operations: most nearly right, so that they get past the first check; some not at all. */
export function requestArbitrary(known: Known): Arbitrary<WildRequest> {
  const around = OPERATIONS.map((operation) => ({ weight: weightOf(operation), arbitrary: requestAround(operation, known) }));
  return fc.oneof(...around, { weight: 4, arbitrary: nowhere });
}

/** Spans of so many requests would only keep the trace receiver busy; those with a `traceparent` of their own are recorded. */
const UNSAMPLED = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00' };

/** Passwords are slow to check on purpose, and each stream that opens is a connection. */
function weightOf({ id }: Operation): number {
  return { register: 1, login: 1, openStream: 1 }[id] ?? 8;
}

function requestAround(operation: Operation, known: Known): Arbitrary<WildRequest> {
  const { request } = operation;
  return fc
    .record({
      method: mostly(fc.constant(operation.method.toUpperCase()), fc.constantFrom(...OTHER_METHODS), 30),
      path: pathOf(operation, known),
      query: queryOf(request.query, known),
      headers: headersOf(operation, known),
      token: tokenOf(known),
      body: request.body === undefined ? mostly(fc.constant(null), bodyOf(fc.constant({})), 20) : bodyOf(validBody(operation, known)),
      contentType: mostly(
        fc.constant('application/json'),
        fc.constantFrom('text/plain', 'application/json; charset=latin1', 'application/problem+json', 'multipart/form-data', ';;;', ''),
        30,
      ),
    })
    .map(({ method, path, query, headers, token, body, contentType }) => ({
      method,
      path: path + query,
      headers: {
        ...UNSAMPLED,
        ...headers,
        ...(token !== undefined && { authorization: token }),
        ...(body !== null && contentType !== '' && { 'content-type': contentType }),
      },
      body: method === 'TRACE' ? null : body,
    }));
}

/** `usual`, and once in `oneIn` something unusual. */
function mostly<T, U>(usual: Arbitrary<T>, unusual: Arbitrary<U>, oneIn: number): Arbitrary<T | U> {
  return fc.oneof<fc.WeightedArbitrary<T | U>[]>({ weight: oneIn - 1, arbitrary: usual }, { weight: 1, arbitrary: unusual });
}

const rawPathPart = fc.oneof(
  fc.constantFrom('%00', '%zz', '%', '%ff%fe', '..', '.', '%2e%2e', '%2f', 'null', '-1', '0', 'me', 'popular', 'x'.repeat(LONG_VALUE_LENGTH)),
  fc.constantFrom('019aaf00-0000-4000-8000-000000000001', '019AAF00-0000-7000-8000-000000000001'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map(encodeURIComponentSafely),
);

function pathOf({ path }: Operation, known: Known): Arbitrary<string> {
  if (!path.includes(':id')) return mostly(fc.constant(path), rawPathPart.map((part) => `${path}/${part}`), 20);
  return mostly(fc.constantFrom(...known.ids), rawPathPart, 4).map((id) => path.replace(':id', () => id));
}

function queryOf(schema: z.ZodObject | undefined, known: Known): Arbitrary<string> {
  const wild = fc.array(
    fc.tuple(
      fc.constantFrom('limit', 'cursor', '__proto__', 'limit[]', 'limit[a]', 'x', ''),
      fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('-1', '0', '1e3', '5', '%', 'x'.repeat(LONG_VALUE_LENGTH))),
    ),
    { maxLength: 3 },
  );
  const text = wild.map(
    (pairs) => pairs.map(([name, value]) => `${encodeURIComponentSafely(name)}=${value === '%' ? value : encodeURIComponentSafely(value)}`).join('&'),
  );
  const valid = schema === undefined ? fc.constant('') : arbitraryOf(schema, known).map(
    (query) => Object.entries(query as object).map(([name, value]) => `${name}=${encodeURIComponentSafely(String(value))}`).join('&'),
  );
  return mostly(valid, text, 3).map((query) => (query === '' ? '' : `?${query}`));
}

// No valid wait: the shop would rightly keep the request, and all that are sent with it, for so long.
const headerValues: Record<string, readonly string[]> = {
  prefer: ['wait=0', 'wait=abc', 'wait=-1', 'wait', 'respond-async, wait=0', '=', 'wait="0"', 'wait=0;x', ',,,'],
  'if-match': ['*', '"1"', 'W/"1"', '"0", "1"', '"', 'abc', '""', '"1" "2"'],
  'if-none-match': ['*', '"1"', 'W/"1"', '"1", "2"', '"', '"3"', ',,', 'W/'],
  'if-modified-since': ['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT', 'yesterday', '0', '1e9'],
  'idempotency-key': ['key', '', ' ', 'k'.repeat(200), 'k'.repeat(201), 'k\u00e9y', 'a b', '"quoted"'],
  'last-event-id': ['0', '1', '999999999999999', '9999999999999999', '-1', 'abc', '1.5', ''],
};

function headersOf({ request }: Operation, { tokens }: Known): Arbitrary<Record<string, string>> {
  const declared = Object.keys(request.headers?.shape ?? {});
  const known = fc.record(Object.fromEntries(declared.map((name) => [name, headerValue(name)])), { requiredKeys: [] }) as Arbitrary<Record<string, string>>;
  const strange = fc.constantFrom<Record<string, string>>(
    {},
    { accept: 'image/png' },
    { 'content-encoding': 'gzip' },
    { 'x-forwarded-for': '999.1.1.1, ::, "' },
    { 'x-request-id': '<script>' },
    { traceparent: 'not-one' },
    { traceparent: '' },
    { traceparent: '00-00000000000000000000000000000000-0000000000000000-01' },
    { traceparent: `00-${'f'.repeat(32)}-${'f'.repeat(16)}-ff`, tracestate: '=,=' },
    { baggage: 'a=b,=,;' },
    { cookie: `a=${'x'.repeat(LONG_VALUE_LENGTH)}` },
    { 'x-http-method-override': 'DELETE' },
    { range: 'bytes=0-,5-1' },
    { host: 'elsewhere.example' },
    { origin: 'null', 'access-control-request-method': 'PATCH' },
    { 'proxy-authorization': `Bearer ${tokens[0] ?? ''}` },
  );
  return fc.tuple(known, mostly(fc.constant({}), strange, 4)).map(([one, other]) => ({ ...one, ...other }));
}

function headerValue(name: string): Arbitrary<string> {
  const listed = fc.constantFrom(...(headerValues[name] ?? ['x']));
  const fresh = name === 'idempotency-key' ? fc.uuid() : listed;
  return fc.oneof(
    { weight: 4, arbitrary: fresh },
    { weight: 4, arbitrary: listed },
    { weight: 1, arbitrary: latin1.filter((value) => name !== 'prefer' || !value.includes('wait')) },
  );
}

const latin1 = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).filter((code) => code < 0x7f || code > 0x9f).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});

function tokenOf({ tokens }: Known): Arbitrary<string | undefined> {
  const valid = fc.constantFrom(...tokens);
  const damaged = fc.tuple(valid, fc.nat()).map(([token, at]) => {
    const index = at % token.length;
    return `Bearer ${token.slice(0, index)}${token[index] === 'A' ? 'B' : 'A'}${token.slice(index + 1)}`;
  });
  const [header = '', payload = ''] = (tokens[0] ?? '').split('.');
  const forged = fc.constantFrom(
    `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`,
    `${Buffer.from('{"alg":"HS256","typ":"at+jwt","kid":"../../x"}').toString('base64url')}.${payload}.AAAA`,
    `${header}.${Buffer.from('{"sub":"x"}').toString('base64url')}.AAAA`,
    '..', 'a.b', '.'.repeat(50), 'x'.repeat(LONG_VALUE_LENGTH),
  );
  return fc.oneof(
    { weight: 14, arbitrary: valid.map((token) => `Bearer ${token}`) },
    { weight: 2, arbitrary: fc.constant<string | undefined>(undefined) },
    { weight: 1, arbitrary: damaged },
    { weight: 1, arbitrary: forged.map((token) => `Bearer ${token}`) },
    { weight: 1, arbitrary: fc.oneof(latin1, fc.constantFrom('Bearer', 'Bearer ', 'bearer x y', 'Basic YTpi', 'Bearer\u00e9 x')) },
  );
}

/** Orders stay small: each one placed is brewed. Log-ins and refreshes use what exists, so that some succeed. */
function validBody(operation: Operation, known: Known): Arbitrary<unknown> {
  if (operation.id === 'refresh') return fc.record({ refreshToken: fc.constantFrom(...known.refreshTokens) });
  if (operation.id !== 'placeOrder') return operation.request.body === undefined ? fc.constant({}) : arbitraryOf(operation.request.body, known);
  return fc.record({
    items: fc.uniqueArray(
      fc.record({ menuItemId: fc.constantFrom(...known.ids), quantity: fc.integer({ min: 1, max: 2 }) }),
      { minLength: 1, maxLength: 2, selector: (line) => line.menuItemId },
    ),
  });
}

function bodyOf(valid: Arbitrary<unknown>): Arbitrary<Buffer | null> {
  const json = fc.oneof(
    { weight: 3, arbitrary: valid },
    { weight: 5, arbitrary: broken(valid) },
    { weight: 1, arbitrary: wildValue },
  ).map((value) => Buffer.from(JSON.stringify(value)));
  const cut = fc.tuple(json, fc.nat({ max: 50 })).map(([bytes, at]) => bytes.subarray(0, Math.max(0, bytes.length - 1 - at)));
  const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
  const huge = fc.constantFrom(
    Buffer.alloc(HUGE_BODY_BYTES, ' '),
    Buffer.from(`{"items":"${'x'.repeat(HUGE_BODY_BYTES)}"}`),
    Buffer.from('['.repeat(HUGE_BODY_BYTES - 10_000)),
  );
  return fc.oneof(
    { weight: 40, arbitrary: json },
    { weight: 3, arbitrary: cut },
    { weight: 2, arbitrary: bytes },
    { weight: 1, arbitrary: huge },
    { weight: 2, arbitrary: fc.constant<Buffer | null>(null) },
  );
}

const nowhere: Arbitrary<WildRequest> = fc
  .record({
    method: fc.constantFrom(...OTHER_METHODS),
    parts: fc.array(fc.oneof(rawPathPart, fc.constantFrom('api', 'v1', 'docs', 'openapi.json', 'orders', 'menu', '.well-known')), { maxLength: 4 }),
  })
  .map(({ method, parts }) => ({ method, path: `/${parts.join('/')}`.replace(/^\/+/, '/'), headers: {}, body: null }));

/** Unpaired surrogates cannot be encoded; they go as a replacement character. */
function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
