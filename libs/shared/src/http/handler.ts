import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation, OperationInput } from '@doubleshot/contracts';
import type { Principal } from '../security/principal.ts';

/** What a handler answers. `body` is sent as JSON; a handler that streams answers `'streamed'` after it has taken over the response. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A request after authentication and validation. */
export interface HandlerInput<O extends Operation> extends OperationInput<O> {
  /** `undefined` only for operations with `access: 'public'`. */
  principal: O['access'] extends 'public' ? undefined : Principal;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** The raw pair, for streams and little else. */
  raw: { request: IncomingMessage; response: ServerResponse };
}

export type Handler<O extends Operation> = (input: HandlerInput<O>) => Promise<Reply | 'streamed'>;
