const AGAIN_MS = 200;

/** Tries until `work` succeeds or, having failed, finds that `closed`: a database that is away comes back. Never rejects. */
export async function untilDone(work: () => Promise<void>, closed: () => boolean): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      if (closed()) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
