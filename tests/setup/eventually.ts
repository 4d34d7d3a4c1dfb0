const LOOK_EVERY_MS = 10;

/** Waits for something to become true; `why` is what the failure says. */
export async function eventually(check: () => boolean | Promise<boolean>, why: string, timeoutMs = 30_000): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > untilMs) throw new Error(`not within ${timeoutMs} ms: ${why}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
