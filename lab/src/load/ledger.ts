import { open, readFile } from 'node:fs/promises';
import { LedgerLine } from './ledger-entry.ts';

/** The load client's own record of every attempt. Nothing of the shop is ever written here. */
export interface Ledger {
  path: string;
  /** Takes a line; lines reach the disk in the order given, many at a time. */
  write(line: LedgerLine): void;
  /** Resolves when every line given so far is synced to disk; rejects if that failed. */
  synced(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file anew. */
export async function createLedger(path: string): Promise<Ledger> {
  const file = await open(path, 'w');
  let pending: string[] = [];
  let flushing: Promise<void> | undefined;

  const flush = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending.join('');
      pending = [];
      await file.appendFile(batch);
      await file.datasync();
    }
  };
  const start = (): Promise<void> => {
    flushing ??= flush().finally(() => { flushing = undefined; });
    return flushing;
  };

  const synced = async (): Promise<void> => {
    while (pending.length > 0 || flushing !== undefined) await start();
  };

  return {
    path,
    synced,
    write(line) {
      pending.push(`${JSON.stringify(line)}\n`);
      // A failure is kept for whoever waits on `synced`; here nobody does.
      start().catch(() => undefined);
    },
    async close() {
      try {
        await synced();
      } finally {
        await file.close();
      }
    },
  };
}

/** Reads a ledger. A last line cut short by a crash is left out; any other damage is an error. */
export async function readLedger(path: string): Promise<LedgerLine[]> {
  const text = await readFile(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').filter((line) => line !== '').map((line) => LedgerLine.parse(JSON.parse(line)));
}
