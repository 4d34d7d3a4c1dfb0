import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { STATE_FOLDER } from '../paths.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** A ledger that stays, for a load on something that is called `name`. */
export async function createLoadLedger(name: string): Promise<Ledger> {
  const folder = join(STATE_FOLDER, 'loads');
  await mkdir(folder, { recursive: true });
  return createLedger(join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${Date.now()}.jsonl`));
}
