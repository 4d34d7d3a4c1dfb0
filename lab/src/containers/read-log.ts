import { readFile } from 'node:fs/promises';
import type { ShopProcess } from '../topology/shop.ts';
import { docker } from './docker.ts';

/** What a process has written so far, in a container or not. */
export function readLog({ log, origin }: Pick<ShopProcess, 'log'> & { origin?: string | undefined }): Promise<string> {
  return origin === undefined ? docker(['logs', log]) : readFile(log, 'utf8');
}
