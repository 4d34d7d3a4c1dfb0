/**
 * Thrown by a handler for a task that came before something it needs, and that will come by itself: its tries do not count until the task is a day old.
 * Not for events, which hold back the later ones of their key meanwhile.
 */
export class TooEarlyError extends Error {
  override readonly name = 'TooEarlyError';
}
