export interface CircuitOptions {
  /** So many faults in a row break it. */
  faults: number;
  /** Broken, it lets one call through every so often. */
  pauseMs: number;
}

/** Whether something that may be frozen is asked at all: waiting for it costs every caller a time-out. */
export interface Circuit {
  /** Whether to ask now. Who is told `true` says afterwards how it went. */
  allows(): boolean;
  /** Closes it. */
  succeeded(): void;
  failed(): void;
}

export function createCircuit({ faults, pauseMs }: CircuitOptions): Circuit {
  let inARow = 0;
  let nextTrialMs = 0;
  return {
    allows: () => {
      if (inARow < faults) return true;
      const nowMs = performance.now();
      if (nowMs < nextTrialMs) return false;
      nextTrialMs = nowMs + pauseMs;
      return true;
    },
    succeeded: () => {
      inARow = 0;
    },
    failed: () => {
      inARow += 1;
      if (inARow === faults) nextTrialMs = performance.now() + pauseMs;
    },
  };
}
