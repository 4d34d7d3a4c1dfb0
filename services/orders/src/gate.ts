import { DatabaseUnavailableError, REQUEST_DEADLINE_MS } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';

/**
 * Lets a few through at once, the others in the order in which they came. Many connections that want one row of the menu cost each other
 * more than they gain, and they would leave none to anybody else.
 */
export interface Gate {
  /** Runs `work` when its turn comes, and tells it how much of a request's time is left. Rejects with `overloaded` when its turn does not come. */
  pass<T>(work: (left: { deadlineMs: number }) => Promise<T>): Promise<T>;
}

export interface GateOptions {
  /** How many run at once. */
  width: number;
  longestWaitMs?: number;
}

interface Waiting {
  enter: () => void;
  giveUp: (error: Error) => void;
}

/** Leaves the statement after it enough of the second within which a client has its answer. */
const LONGEST_WAIT_MS = 600;

export function createGate({ width, longestWaitMs = LONGEST_WAIT_MS }: GateOptions): Gate {
  const queue = new Set<Waiting>();
  let inside = 0;

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        clearTimeout(timer);
        queue.delete(waiting);
        done();
      };
      const waiting: Waiting = { enter: () => { settle(resolve); }, giveUp: (error) => { settle(() => { reject(error); }); } };
      const timer = setTimeout(() => { waiting.giveUp(new ProblemError('overloaded', 'Too many orders at once; try again.', { headers: { 'Retry-After': '1' } })); }, longestWaitMs);
      queue.add(waiting);
    });
  }

  // Whoever leaves hands its place on, so that nobody can slip in between.
  function leave(): void {
    const [next] = queue;
    if (next === undefined) inside -= 1;
    else next.enter();
  }

  async function pass<T>(work: (left: { deadlineMs: number }) => Promise<T>): Promise<T> {
    const sinceMs = performance.now();
    if (inside < width) inside += 1;
    else await turn();
    try {
      return await work({ deadlineMs: REQUEST_DEADLINE_MS - Math.ceil(performance.now() - sinceMs) });
    } catch (error) {
      // Those who wait would only learn the same, later.
      if (error instanceof DatabaseUnavailableError) for (const waiting of queue) waiting.giveUp(error);
      throw error;
    } finally {
      leave();
    }
  }

  return { pass };
}
