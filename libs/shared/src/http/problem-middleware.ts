import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { sendError, sendProblem } from './send-problem.ts';

/** The last handler: nothing is at this path. */
export function routeNotFound(): RequestHandler {
  return (_request, response) => sendProblem(response, { code: 'route_not_found' });
}

/** Answers every error with a problem document. What is not expected is logged with the error and says nothing to the client. */
export function problemMiddleware(logger: Logger): ErrorRequestHandler {
  // Express tells an error handler by its four parameters.
  return (error: unknown, _request, response, _next) => sendError(response, error, logger);
}
