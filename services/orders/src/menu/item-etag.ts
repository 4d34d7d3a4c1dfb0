import type { MenuItem } from '@doubleshot/contracts';
import { etagOf } from '@doubleshot/shared/http';

/** One tag of an `If-Match`, weak or not: `W/"<version>-<stock>"`. */
const ITEM_TAG = /(?:W\/)?"(\d{1,15})-(\d{1,15})"/g;

/**
 * ETag of an item: its version, which staff moves, and its stock, which orders move. Weak, because it tells what the item is, not the bytes of an answer.
 */
export function itemEtag({ version, stock }: Pick<MenuItem, 'version' | 'stock'>): string {
  return `W/${etagOf(`${version}-${stock}`)}`;
}

/**
 * Whether an `If-Match` allows a change of the item. The tag is taken as it was read, weak as it is: what it says is compared, not bytes. An order in between
 * takes nothing away from somebody who edits the item, so its version counts alone; but a new `stock` must not overwrite one that was never seen.
 */
export function allowsChange(ifMatch: string, { version, stock }: Pick<MenuItem, 'version' | 'stock'>, { setsStock }: { setsStock: boolean }): boolean {
  if (ifMatch.trim() === '*') return true;
  return [...ifMatch.matchAll(ITEM_TAG)].some(([, ofVersion, ofStock]) => Number(ofVersion) === version && (!setsStock || Number(ofStock) === stock));
}
