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

/** Every answer of the shop keeps its contract: errors are problem documents, the rest fits the schema of its operation. */
export function expectContract(method: string, path: string, answer: Answer): void {
  if (answer.status >= 400) {
    expect(faultOfProblem(answer, method !== 'HEAD'), `${method} ${path} → ${answer.status}`).toBeUndefined();
    // What Nginx refuses by itself belongs to no trace.
    if (method !== 'HEAD' && BACKENDS === 'embedded') expect(answer.body).toHaveProperty('traceId', expect.stringMatching(/^[0-9a-f]{32}$/));
    return;
  }
  const operation = findOperation(method, path);
  const response = operation?.responses[answer.status];
  if (operation === undefined) return;
  expect(response, `${operation.id} answers ${answer.status}, which it does not declare`).toBeDefined();
  if (response?.body === undefined) expect(answer.text).toBe('');
  else if (method !== 'HEAD' && response.mediaType === undefined) expect(response.body.parse(answer.body)).toEqual(answer.body);
  expect(answer.headers).toHaveProperty('x-request-id');
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
