import { randomInt } from 'node:crypto';
import { readEnvironment } from '../../../lab/src/environment.ts';

interface PropertySettings {
  /** For each topology. */
  requests: number;
  /** What the requests are made from: the same seed, the same requests. */
  seed: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    e2eProperty: PropertySettings;
  }
}

/** `make test-full` and CI send more. */
const DEFAULT_REQUESTS = 5_000;

export function propertySettings(): PropertySettings {
  const { E2E_PROPERTY_REQUESTS: requests, E2E_PROPERTY_SEED: seed } = readEnvironment();
  return { requests: Number(requests ?? DEFAULT_REQUESTS), seed: Number(seed ?? randomInt(2 ** 31)) };
}
