/** Looks again and again while somebody wants to know: soon after something was found, less and less often while nothing is. Keeps no process alive. */
export interface AdaptivePoll {
  /** Begins if it rests, and looks often again. */
  quicken(): void;
  close(): void;
}

export interface AdaptivePollOptions {
  /** Whether anybody wants to know. The poll rests while not. */
  wanted: () => boolean;
  /** Resolves with whether something was found. */
  look: () => Promise<boolean>;
  onError: (error: unknown) => void;
}

const SHORTEST_REST_MS = 50;
const LONGEST_REST_MS = 250;
const REST_GROWTH = 1.5;

export function createAdaptivePoll({ wanted, look, onError }: AdaptivePollOptions): AdaptivePoll {
  let restMs = SHORTEST_REST_MS;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function turn(): Promise<void> {
    try {
      restMs = (await look()) ? SHORTEST_REST_MS : Math.min(restMs * REST_GROWTH, LONGEST_REST_MS);
    } catch (error) {
      restMs = LONGEST_REST_MS;
      onError(error);
    }
    timer = undefined;
    schedule();
  }

  function schedule(): void {
    if (closed || timer !== undefined || !wanted()) return;
    timer = setTimeout(() => void turn(), restMs);
    timer.unref();
  }

  return {
    quicken: () => {
      restMs = SHORTEST_REST_MS;
      schedule();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
