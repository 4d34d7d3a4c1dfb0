import { setTimeout as sleep } from 'node:timers/promises';

const CHECK_TIMEOUT_MS = 1_000;

export type ReadinessCheck = () => Promise<void>;

/** Whether a process should be given requests. */
export interface Readiness {
  /** Not ready, for this reason, whatever the checks say. `undefined` leaves it to the checks. */
  hold(reason: string | undefined): void;
  /** Adds a check that is asked at each probe. */
  add(name: string, check: ReadinessCheck): void;
  /** Why the process is not ready, by check; empty when it is. Never rejects; takes a second at most. */
  faults(): Promise<Readonly<Record<string, string>>>;
}

export function createReadiness(reason: string): Readiness {
  const checks = new Map<string, ReadinessCheck>();
  let held: string | undefined = reason;
  return {
    hold: (next) => {
      held = next;
    },
    add: (name, check) => checks.set(name, check),
    faults: async () => {
      if (held !== undefined) return { process: held };
      const answers = await Promise.all([...checks].map(async ([name, check]) => [name, await faultOf(check)] as const));
      return Object.fromEntries(answers.filter((answer): answer is [string, string] => answer[1] !== undefined));
    },
  };
}

async function faultOf(check: ReadinessCheck): Promise<string | undefined> {
  const timeout = new AbortController();
  try {
    const late = sleep(CHECK_TIMEOUT_MS, `no answer in ${CHECK_TIMEOUT_MS} ms`, { signal: timeout.signal, ref: false });
    late.catch(() => undefined);
    return await Promise.race([check().then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    timeout.abort();
  }
}
