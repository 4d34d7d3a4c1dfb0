import type { Message } from '../message.ts';

/** What a broker does by sending bytes: nobody can change a message after it was given away. */
export function copyMessage({ id, key, headers, payload }: Message): Message {
  return Object.freeze({ id, key, headers: Object.freeze({ ...headers }), payload });
}
