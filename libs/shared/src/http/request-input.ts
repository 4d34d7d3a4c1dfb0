import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../security/principal.ts';
import { clientSignal } from './client-signal.ts';
import type { RequestParts } from './validate-request.ts';

/** What a handler is given. A class for its getter: most handlers never look at the signal, it is made when one does. */
export class RequestInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  readonly principal: Principal | undefined;
  readonly raw: { request: IncomingMessage; response: ServerResponse };
  #signal: AbortSignal | undefined;

  constructor({ params, query, headers, body }: RequestParts, principal: Principal | undefined, raw: { request: IncomingMessage; response: ServerResponse }) {
    this.params = params;
    this.query = query;
    this.headers = headers;
    this.body = body;
    this.principal = principal;
    this.raw = raw;
  }

  get signal(): AbortSignal {
    return (this.#signal ??= clientSignal(this.raw.response));
  }
}
