/** Something that was opened. */
export interface Closable {
  /** Resolves when it is closed. */
  close(): Promise<void>;
}

/**
 * Opens one after the other, in order. When one rejects, those before it are closed and the rejection is passed on; once `signal` aborts, no further one is opened.
 * The caller closes the result, which closes everything that was opened, at once and only the first time.
 */
export async function openAll(openers: readonly (() => Promise<Closable>)[], signal: AbortSignal): Promise<Closable> {
  const opened: Closable[] = [];
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= Promise.all(opened.map((one) => one.close())).then(() => undefined));
  try {
    for (const open of openers) if (!signal.aborted) opened.push(await open());
  } catch (error) {
    // Why it could not be opened matters more than what else goes wrong now.
    await close().catch(() => undefined);
    throw error;
  }
  return { close };
}
