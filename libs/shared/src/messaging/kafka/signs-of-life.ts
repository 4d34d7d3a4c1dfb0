/** How long a consumer of one group was not heard of. By the monotonic clock, which goes on while a process is frozen. */
export interface SignsOfLife {
  /** It did something. */
  alive(): void;
  /** The broker spoke to it as to a member; answers for how long it had not. */
  touch(): number;
  msSinceAlive(): number;
  msSinceTouched(): number;
}

export function createSignsOfLife(now: () => number = () => performance.now()): SignsOfLife {
  let aliveAtMs = now();
  let touchedAtMs = aliveAtMs;
  return {
    alive: () => { aliveAtMs = now(); },
    touch: () => {
      const gapMs = now() - touchedAtMs;
      touchedAtMs = aliveAtMs = now();
      return gapMs;
    },
    msSinceAlive: () => now() - aliveAtMs,
    msSinceTouched: () => now() - touchedAtMs,
  };
}
