import { pino, type DestinationStream } from 'pino';

/** Handing lines to the kernel takes longer than making them; and with each line the stream below measures all that it holds already. */
const BATCH_LENGTH = 32_768;
const LONGEST_WAIT_MS = 100;

/** The stream below: writes asynchronously, in order. */
export interface LineStream extends DestinationStream {
  flushSync(): void;
}

/** Lines on their way to standard output, many at a time: one is handed on after {@link LONGEST_WAIT_MS} at the latest, and a slow reader never blocks the process. */
export interface StandardOutput extends DestinationStream {
  /** Writes out what is held; pino calls it after a fatal line. Synchronous; never throws. */
  flushSync(): void;
}

export function createStandardOutput(stream: LineStream = pino.destination({ dest: 1, sync: false })): StandardOutput {
  let held = '';
  let timer: NodeJS.Timeout | undefined;

  function handOn(): void {
    clearTimeout(timer);
    timer = undefined;
    const batch = held;
    held = '';
    if (batch !== '') stream.write(batch);
  }

  return {
    write: (line) => {
      held += line;
      if (held.length >= BATCH_LENGTH) handOn();
      // Keeps a process that ends by itself for so long, and its last lines with it.
      else timer ??= setTimeout(handOn, LONGEST_WAIT_MS);
    },
    flushSync: () => {
      try {
        handOn();
        stream.flushSync();
      } catch {
        // Before standard output is open, or after its reader is gone, there is nobody to write to.
      }
    },
  };
}
