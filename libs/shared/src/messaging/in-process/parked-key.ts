import type { ParkedMessage } from '../message.ts';

/** Equal for copies of one message that one group parked. */
export function keyOf({ source, group, message }: ParkedMessage): string {
  return `${source}\n${group}\n${message.id}`;
}
