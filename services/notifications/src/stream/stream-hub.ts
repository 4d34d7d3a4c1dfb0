import type { StreamEvent } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import type { StreamConnection } from './stream-connection.ts';

const RETRY_AFTER_SECONDS = 5;

/** The streams open in this process, by user. */
export interface StreamHub {
  /**
   * Takes one of the bounded places. Throws a `ProblemError`: `rate_limited` when the user has too many open, `unavailable` when the process has,
   * or is closing.
   * The caller calls the function it gets when the connection is gone.
   */
  add(connection: StreamConnection): () => void;
  /** Offers a live event to the user's connections. */
  offer(userId: string, event: StreamEvent): void;
  /** Users with a connection. */
  userIds(): string[];
  /** The user has events up to `id`. */
  catchUp(userId: string, id: number): void;
  heartbeat(): void;
  size(): number;
  /** Ends every stream, and takes no more. */
  close(): void;
}

export interface StreamLimits {
  connections: number;
  connectionsPerUser: number;
}

export function createStreamHub(limits: StreamLimits): StreamHub {
  const users = new Map<string, Set<StreamConnection>>();
  let size = 0;
  let closing = false;

  function of(userId: string): Iterable<StreamConnection> {
    return users.get(userId) ?? [];
  }

  function all(): StreamConnection[] {
    return [...users.values()].flatMap((connections) => [...connections]);
  }

  function remove(connection: StreamConnection): void {
    const connections = users.get(connection.userId);
    if (!connections?.delete(connection)) return;
    size -= 1;
    if (connections.size === 0) users.delete(connection.userId);
  }

  return {
    add(connection) {
      const connections = users.get(connection.userId) ?? new Set();
      if (closing) throw refusal('unavailable', 'The service is closing; open the stream again.');
      if (connections.size >= limits.connectionsPerUser) throw refusal('rate_limited', `At most ${limits.connectionsPerUser} streams may be open at once.`);
      if (size >= limits.connections) throw refusal('unavailable', 'Too many streams are open; try again later.');
      users.set(connection.userId, connections.add(connection));
      size += 1;
      return () => { remove(connection); };
    },
    offer(userId, event) {
      for (const connection of of(userId)) connection.offer(event);
    },
    userIds: () => [...users.keys()],
    catchUp(userId, id) {
      for (const connection of of(userId)) connection.catchUp(id);
    },
    heartbeat() {
      for (const connection of all()) connection.heartbeat();
    },
    size: () => size,
    close() {
      closing = true;
      for (const connection of all()) connection.end();
    },
  };
}

function refusal(code: 'unavailable' | 'rate_limited', detail: string): ProblemError {
  return new ProblemError(code, detail, { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } });
}
