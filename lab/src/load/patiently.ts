import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal } from './api-refusal.ts';

const UNAVAILABLE = 503;
const MOST_TRIES = 5;
const TRY_AGAIN_MS = 1_000;

/** For what the lab asks beside the load: a shop on a busy machine may say that it cannot answer now, and is asked again a few times. `ask` gets the number of the try, from 1. */
export async function patiently<T>(ask: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask(tries);
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.status === UNAVAILABLE) || tries === MOST_TRIES) throw error;
      await sleep(TRY_AGAIN_MS);
    }
  }
}
