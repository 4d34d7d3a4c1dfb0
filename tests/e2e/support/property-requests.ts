import { readEnvironment } from '../../../lab/src/environment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Property-based requests for each topology. */
    e2ePropertyRequests: number;
  }
}

/** `make test-full` and CI send more. */
const DEFAULT_PROPERTY_REQUESTS = 5_000;

export function propertyRequests(): number {
  return Number(readEnvironment()['E2E_PROPERTY_REQUESTS'] ?? DEFAULT_PROPERTY_REQUESTS);
}
