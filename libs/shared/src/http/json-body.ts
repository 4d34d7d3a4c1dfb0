import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../errors/problem-error.ts';
import { timeJson } from '../telemetry/json-time.ts';

/** Largest body taken unless told: far above every request of the shop. */
export const BODY_LIMIT_BYTES = 64 * 1_024;

const JSON_MEDIA_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/**
 * Reads the body of a request as JSON; `undefined` when there is none. Takes UTF-8 without content coding, so that nothing small unpacks to something large.
 * Rejects with a `ProblemError`: `unsupported_media_type`, `payload_too_large` (as soon as it is known) or `malformed_request`.
 */
export async function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const contentLength = Number(request.headers['content-length'] ?? 0);
  const bytes = contentLength > limitBytes ? tooLarge(limitBytes) : await readBytes(request, limitBytes);
  if (bytes.length === 0) return undefined;
  checkMediaType(request);
  return parseJson(bytes);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function checkMediaType({ headers }: IncomingMessage): void {
  if (!JSON_MEDIA_TYPE.test(headers['content-type'] ?? '')) throw new ProblemError('unsupported_media_type');
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw new ProblemError('unsupported_media_type', 'The body must not have a content coding.');
  }
}

function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limitBytes) settle(() => reject(payloadTooLarge(limitBytes)));
    };
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)));
    const onClose = (): void => settle(() => reject(new ProblemError('malformed_request', 'The body ended before its time.')));
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Buffer): unknown {
  try {
    return timeJson('decode', (): unknown => JSON.parse(utf8.decode(bytes)));
  } catch {
    throw new ProblemError('malformed_request', 'The body is not JSON.');
  }
}

function tooLarge(limitBytes: number): never {
  throw payloadTooLarge(limitBytes);
}

/** For a body that is larger than may be. */
export function payloadTooLarge(limitBytes: number): ProblemError {
  return new ProblemError('payload_too_large', `At most ${limitBytes} bytes are taken.`);
}
