const FIRST_EXTRA_STEP_MS = 250;
const LONGEST_STEP_MS = 24 * 60 * 60 * 1_000;

/**
 * The retry queue, named by the longest delay in it, for a task that waits `delayMs`: the shortest of the declared delays that is long enough; beyond them doubling steps, so that
 * there are few. A task leaves after its own delay unless one before it waits longer: at the latest after the step. Nothing waits longer than a day.
 */
export function retryStepOf(declaredMs: readonly number[], delayMs: number): number {
  const enough = declaredMs.filter((stepMs) => stepMs >= delayMs);
  if (enough.length > 0) return Math.min(...enough);
  let stepMs = FIRST_EXTRA_STEP_MS;
  while (stepMs < delayMs && stepMs < LONGEST_STEP_MS) stepMs *= 2;
  return Math.min(stepMs, LONGEST_STEP_MS);
}
