/** Thrown by a handler for a message that no retry can help: it is parked at once with this reason. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';
}
