import type { Message } from './message.ts';

/** Header of a message that was parked and is handled anew because somebody asked for it. */
const REPLAYED_HEADER = 'replayed';

/** The message as an adapter hands it out again on `replay`. */
export function asReplayed<M extends Message>(message: M): M {
  return { ...message, headers: { ...message.headers, [REPLAYED_HEADER]: '1' } };
}

export function isReplayed({ headers }: Message): boolean {
  return headers[REPLAYED_HEADER] !== undefined;
}
