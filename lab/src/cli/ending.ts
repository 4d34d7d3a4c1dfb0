import { constants } from 'node:os';
import { endGuarded } from '../backends/watchdog.ts';
import { hasSomethingToUndo, undoEverything } from '../topology/undo.ts';

/** Longer than an orderly stop of a shop takes; what still runs then is killed. */
const UNDO_TIMEOUT_MS = 15_000;
const SIGNAL_EXIT_CODE_BASE = 128;

let endingBySignal = false;

/** On Ctrl-C and its like everything that was started is stopped before this process ends, with 128 + the signal's number. A second one does not wait for order. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void endBy(signal));
}

/** Ends likewise when whoever started this process with a channel is gone. Answers how to live on without them. */
export function endWithParent(): () => void {
  if (process.channel === undefined) return () => undefined;
  const onDisconnect = (): void => void endBy('SIGHUP');
  process.on('disconnect', onDisconnect);
  return () => { process.off('disconnect', onDisconnect); };
}

async function endBy(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): Promise<void> {
  const inOrder = !endingBySignal;
  endingBySignal = true;
  if (inOrder) {
    if (hasSomethingToUndo()) process.stderr.write('\nstopping …\n');
    await Promise.race([undoEverything(), new Promise((resolve) => setTimeout(resolve, UNDO_TIMEOUT_MS))]);
  }
  await endGuarded();
  process.exit(SIGNAL_EXIT_CODE_BASE + constants.signals[signal]);
}

/** Whether a signal is ending this process: what fails from now on fails because of that. */
export function isEnding(): boolean {
  return endingBySignal;
}

/** Ends this process; leaves that to the signal, when one came first. */
export async function finish(exitCode: number): Promise<void> {
  if (endingBySignal) return;
  await endGuarded();
  process.exit(exitCode);
}
