import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { BODY_LIMIT_BYTES, payloadTooLarge } from '@doubleshot/shared/http';

/** The client went away before its body was whole. */
export class BodyAbortedError extends Error {
  override readonly name = 'BodyAbortedError';
}

/** Throws `payload_too_large` when the client announces more than is taken, before anything of it is read. */
export function refuseAnnouncedExcess(request: IncomingMessage, limitBytes: number = BODY_LIMIT_BYTES): void {
  if ((announcedLength(request) ?? 0) > limitBytes) throw payloadTooLarge(limitBytes);
}

/** The body of a request as it is passed on: `undefined` when there is none, a buffer when all of it has arrived already, otherwise a stream. */
export function requestBody(request: IncomingMessage, limitBytes: number): Buffer | Readable | undefined {
  const announced = announcedLength(request);
  if (announced === 0) return undefined;
  // A short body usually comes in the same segment as its headers; one buffer costs much less than a stream.
  if (request.readableLength === announced) {
    const whole: unknown = request.read();
    if (Buffer.isBuffer(whole)) {
      // All bytes are here, yet the parser may still have to say so: the request ends by itself then.
      request.resume();
      return whole;
    }
  }
  return streamBody(request, limitBytes);
}

/** 0 for no body, `undefined` when the length is not known beforehand. */
function announcedLength(request: IncomingMessage): number | undefined {
  if (request.method === 'GET' || request.method === 'HEAD') return 0;
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  return Number(request.headers['content-length'] ?? 0);
}

/**
 * Streams with backpressure and counts. The request itself is never handed to the HTTP client, for that destroys what it is given on a failure,
 * and with the request the connection on which the client still waits for an answer.
 */
function streamBody(request: IncomingMessage, limitBytes: number): Readable {
  let total = 0;
  const onData = (chunk: Buffer): void => {
    total += chunk.length;
    if (total > limitBytes) body.destroy(payloadTooLarge(limitBytes));
    else if (!body.push(chunk)) request.pause();
  };
  const onEnd = (): void => void body.push(null);
  const onClose = (): void => {
    if (!request.readableEnded) body.destroy(new BodyAbortedError('the client went away'));
  };
  const body = new Readable({
    read: () => void request.resume(),
    destroy: (error, done) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      // What the client still sends is read and thrown away: it looks at the answer only afterwards.
      request.resume();
      done(error);
    },
  });
  request.on('data', onData).on('end', onEnd).on('close', onClose);
  request.pause();
  return body;
}
