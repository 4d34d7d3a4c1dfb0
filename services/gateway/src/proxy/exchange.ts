import { AsyncResource } from 'node:async_hooks';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Next } from '@doubleshot/shared/http';
import type { Dispatcher } from 'undici';
import { passResponseHeaders, takeBackResponseHeaders } from './response-headers.ts';
import { mayRetry, upstreamProblem } from './upstream-errors.ts';

/** The client went away: the service behind need not go on. */
class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

/** Up to this size, copying the last part of an answer costs less than sending it as a second piece. */
const COPIED_BYTES = 16 * 1_024;

export interface ExchangeOptions {
  /** Name of the module behind, for the problem's detail. */
  module: string;
  dispatcher: Dispatcher;
  dispatch: Dispatcher.DispatchOptions;
  /** The operation promises that the same `Idempotency-Key` has its effect once. */
  keyed: boolean;
  request: IncomingMessage;
  response: ServerResponse;
  /** Receives a `ProblemError` when there is no answer and none has begun. */
  next: Next;
  /** Called once, when the exchange with the service is over, whatever its end. */
  onEnd: () => void;
  onRetry: () => void;
}

/**
 * One request passed on, and its answer passed back, with backpressure in both directions.
 * A class, for this is the hot path: one object with shared methods for each request instead of a closure for each event.
 * It is an async resource, so that a retry and an error report belong to the trace of the request.
 */
export class Exchange extends AsyncResource implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  #controller: Dispatcher.DispatchController | undefined;
  #clientGone = false;
  #retried = false;
  #ended = false;
  /** Of an answer whose head has come and was not sent yet. */
  #headers: IncomingHttpHeaders | undefined;
  /** Bytes of the body that are still to come, when the service announced its length. */
  #remaining: number | undefined;

  constructor(options: ExchangeOptions) {
    super('GatewayExchange');
    this.#options = options;
  }

  start(): void {
    this.#options.response.once('close', () => this.#onClientClose());
    this.#dispatch();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#clientGone) controller.abort(new ClientGoneError('the client went away'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    if (statusCode < 200) return;
    const { request, response } = this.#options;
    passResponseHeaders(headers, response);
    this.#headers = headers;
    response.statusCode = statusCode;
    const length = headers['content-length'];
    this.#remaining = length === undefined ? undefined : Number(length);
    const bodyFollows = request.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
    // A stream of events may stay silent for long: its client must see now that it is open.
    if (bodyFollows && this.#remaining === undefined) response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.#options;
    if (response.writableEnded) return;
    if (this.#remaining !== undefined) {
      this.#remaining -= chunk.length;
      if (this.#remaining === 0) {
        endWith(response, chunk);
        return;
      }
    }
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#end();
    const { response } = this.#options;
    if (!response.writableEnded) response.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.runInAsyncScope(this.#fail, this, error);
  }

  #fail(error: Error): void {
    const { response, module, next } = this.#options;
    if (this.#clientGone || response.writableEnded) {
      this.#end();
      return;
    }
    if (!response.headersSent && this.#headers !== undefined) takeBackResponseHeaders(this.#headers, response);
    if (!response.headersSent && this.#shouldRetry(error)) {
      this.#retried = true;
      this.#controller = undefined;
      this.#options.onRetry();
      this.#dispatch();
      return;
    }
    this.#end();
    if (response.headersSent) response.destroy(error);
    else next(upstreamProblem(module, error));
  }

  #shouldRetry(error: Error): boolean {
    const { dispatch, keyed, request } = this.#options;
    const repeatable = keyed && request.headers['idempotency-key'] !== undefined && this.#headers === undefined && !(dispatch.body instanceof Readable);
    return !this.#retried && mayRetry(error, { method: dispatch.method, sent: this.#controller !== undefined, repeatable });
  }

  #dispatch(): void {
    try {
      this.#options.dispatcher.dispatch(this.#options.dispatch, this);
    } catch (error) {
      // undici throws for what it cannot put into a request.
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #onClientClose(): void {
    // Also when our own server ended a stream of events before its time, because it is shutting down.
    if (this.#ended) return;
    this.#clientGone = true;
    this.#controller?.abort(new ClientGoneError('the client went away'));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd();
  }
}

/** As latin1, which keeps every byte, a short answer is joined with its head and leaves in a plain write instead of a vectored one. */
function endWith(response: ServerResponse, chunk: Buffer): void {
  if (chunk.length <= COPIED_BYTES) response.end(chunk.toString('latin1'), 'latin1');
  else response.end(chunk);
}
