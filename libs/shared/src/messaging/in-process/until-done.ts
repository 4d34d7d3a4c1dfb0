const AGAIN_MS = 200;

/** Tries until `work` succeeds or `closed` says that nobody needs it any more: a database that is away comes back. Never rejects. */
export async function untilDone(work: () => Promise<void>, closed: () => boolean): Promise<void> {
  while (!closed()) {
    try {
      await work();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
