import { isDeepStrictEqual } from 'node:util';
import { OPERATIONS, Problem, PROBLEM_MEDIA_TYPE, PROBLEMS, type Operation } from '@doubleshot/contracts';
import { expect } from 'vitest';
import { BACKENDS } from './topologies.ts';

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed if JSON, the text otherwise. */
  body: unknown;
  text: string;
}

/** What is wrong with an error answer, or `undefined` when it is a problem document with a known code. */
export function faultOfProblem({ status, headers, text }: Answer, hasBody = true): string | undefined {
  if (!String(headers['content-type']).startsWith(PROBLEM_MEDIA_TYPE)) return `content-type ${String(headers['content-type'])}`;
  if (!hasBody) return undefined;
  const parsed = Problem.safeParse(parseJson(text));
  if (!parsed.success) return `no problem document: ${text.slice(0, 200)}`;
  const { code, type, title, detail, status: told } = parsed.data;
  if (told !== status || PROBLEMS[code].status !== status) return `code ${code} with status ${status}, which the document calls ${told}`;
  if (type !== `/problems/${code}` || title !== PROBLEMS[code].title || detail === '') return `type ${type}, title ${title}, detail ${detail}`;
  if (/\bat .+:\d+:\d+|node_modules|\bSELECT\b|\bINSERT\b/.test(text)) return `tells of the inside: ${text.slice(0, 200)}`;
  return undefined;
}

/** What is wrong with an answer: errors must be problem documents, the rest fits the schema of its operation. */
export function faultOfAnswer(method: string, path: string, answer: Answer): string | undefined {
  if (answer.status >= 400) return faultOfProblem(answer, method !== 'HEAD');
  const operation = findOperation(method, path);
  return operation && faultOfSuccess(operation, method, answer);
}

function faultOfSuccess({ id, responses }: Operation, method: string, { status, headers, body, text }: Answer): string | undefined {
  const response = responses[status];
  if (response === undefined) return `${id} answers ${status}, which it does not declare`;
  if (headers['x-request-id'] === undefined) return 'no X-Request-Id';
  if (response.body === undefined || method === 'HEAD') return text === '' ? undefined : `a body where there is none: ${text.slice(0, 200)}`;
  if (response.mediaType !== undefined) return undefined;
  const parsed = response.body.safeParse(body);
  if (!parsed.success) return `not what ${id} declares: ${parsed.error.message}`;
  return isDeepStrictEqual(parsed.data, body) ? undefined : `more than ${id} declares: ${text.slice(0, 200)}`;
}

/** Every answer of the shop keeps its contract. */
export function expectContract(method: string, path: string, answer: Answer): void {
  expect(faultOfAnswer(method, path, answer), `${method} ${path} → ${answer.status}`).toBeUndefined();
  // What Nginx refuses by itself belongs to no trace, and neither does a head that could not be read to its end.
  const traced = answer.status >= 400 && answer.status !== PROBLEMS.headers_too_large.status && method !== 'HEAD' && BACKENDS === 'embedded';
  if (traced) expect(answer.body).toHaveProperty('traceId', expect.stringMatching(/^[0-9a-f]{32}$/));
}

/** An answer in short: its operation, and its status or the code of its problem. None for what is no operation. */
export function answerName(method: string, path: string, { status, body }: Answer): string | undefined {
  const operation = findOperation(method, path);
  return operation && `${operation.id} ${status < 400 ? status : String((body as { code?: unknown }).code)}`;
}

function findOperation(method: string, path: string): Operation | undefined {
  const pathname = path.split('?')[0] ?? '';
  const sought = method === 'HEAD' ? 'get' : method.toLowerCase();
  return OPERATIONS.find((operation) => operation.method === sought && new RegExp(`^${operation.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
