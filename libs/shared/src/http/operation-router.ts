import type { HttpMethod, Operation } from '@doubleshot/contracts';
import { Router, type Request, type Response } from 'express';
import { ProblemError } from '../errors/problem-error.ts';
import type { TokenVerifier } from '../security/principal.ts';
import { setServerRoute } from '../telemetry/server-route.ts';
import { checkAccess } from './access.ts';
import type { BoundOperation } from './bound-operation.ts';
import { clientSignal } from './client-signal.ts';
import type { HandlerInput } from './handler.ts';
import { BODY_LIMIT_BYTES, readJsonBody } from './json-body.ts';
import { setRequestUser } from './request-user.ts';
import { sendReply } from './send-reply.ts';
import { validateRequest } from './validate-request.ts';

export interface OperationRouterOptions {
  /** In the order in which paths are matched: fixed segments before parameters. */
  operations: readonly BoundOperation[];
  tokens: TokenVerifier;
  /** 64 KiB unless told. */
  bodyLimitBytes?: number;
}

/**
 * A router that answers operations at their full paths: matching, access, reading of the body, validation, handler, reply, in this order.
 * HEAD works where GET does; another method at a known path is `method_not_allowed` with `Allow`. What fails goes to `next` as an error;
 * paths it does not know are left to the next router.
 */
export function createOperationRouter(options: OperationRouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const byPath = Map.groupBy(options.operations, ({ operation }) => operation.path);
  for (const [path, bound] of byPath) {
    const byMethod = new Map(bound.map((one) => [one.operation.method, one]));
    const allow = allowedMethods(byMethod.keys());
    router.all(path, async (request, response) => {
      setServerRoute(response, path);
      const one = byMethod.get(methodOf(request));
      if (one === undefined) throw new ProblemError('method_not_allowed', undefined, { headers: { Allow: allow } });
      await answer(one, options, { request, response });
    });
  }
  return router;
}

/** Methods for an `Allow` header, HEAD with GET. */
export function allowedMethods(methods: Iterable<HttpMethod>): string {
  return [...methods].flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])).join(', ');
}

function methodOf({ method }: Request): HttpMethod {
  return (method === 'HEAD' ? 'get' : method.toLowerCase()) as HttpMethod;
}

async function answer({ operation, handler }: BoundOperation, options: OperationRouterOptions, raw: { request: Request; response: Response }): Promise<void> {
  const { request, response } = raw;
  const principal = await checkAccess(operation.access, options.tokens, request.headers.authorization);
  if (principal !== undefined) setRequestUser(response, principal.userId);
  const body = operation.request.body && (await readJsonBody(request, options.bodyLimitBytes ?? BODY_LIMIT_BYTES));
  const input = { ...validateRequest(operation, request, body), principal, raw, signal: undefined } as unknown as HandlerInput<Operation>;
  defineSignal(input, response);
  if (request.method === 'HEAD' && streamMediaType(operation) !== undefined) {
    response.writeHead(200, { 'Content-Type': streamMediaType(operation) }).end();
    return;
  }
  const reply = await handler(input);
  if (reply !== 'streamed') sendReply(response, reply, operation);
}

// Most handlers never look at the signal: it is made when one does.
function defineSignal(input: HandlerInput<Operation>, response: Response): void {
  let signal: AbortSignal | undefined;
  Object.defineProperty(input, 'signal', { get: () => (signal ??= clientSignal(response)), enumerable: true });
}

// HEAD must not open an endless answer.
function streamMediaType(operation: Operation): string | undefined {
  const mediaType = operation.responses[200]?.mediaType;
  return mediaType === 'text/event-stream' ? mediaType : undefined;
}
