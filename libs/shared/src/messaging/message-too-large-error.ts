import type { Message } from './message.ts';

/**
 * The largest message that can be sent, with id, key and headers, in bytes of UTF-8. Kafka takes 1,048,588 unless told otherwise, and parking and replaying add to a message;
 * the other adapters take no more, so that a shop may move between them.
 */
export const LARGEST_MESSAGE_BYTES = 1_000_000;

/** Rejection of `publish`, `send` and `broadcast` for a message that will never be taken, however often it is tried. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError';
  constructor(destination: string, why: string) {
    super(`a message for "${destination}" is too large: ${why}`);
  }
}

/** Throws {@link MessageTooLargeError} when one of them is larger than {@link LARGEST_MESSAGE_BYTES}. Adapters ask before they send the first. */
export function refuseTooLarge(destination: string, messages: readonly Message[]): void {
  for (const message of messages) {
    const bytes = sizeOf(message);
    if (bytes > LARGEST_MESSAGE_BYTES) throw new MessageTooLargeError(destination, `${bytes} bytes, and ${LARGEST_MESSAGE_BYTES} are the limit`);
  }
}

function sizeOf({ id, key, headers, payload }: Message): number {
  let bytes = Buffer.byteLength(id) + Buffer.byteLength(key) + Buffer.byteLength(payload);
  for (const [name, text] of Object.entries(headers)) bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}
