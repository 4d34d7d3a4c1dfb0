import { Id } from '@doubleshot/contracts';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';

/** Ids grow with time, so the last one of a page is where the next begins. */
const Position = z.strictObject({ before: Id });

/** Which items of a list to read: the newest `limit` whose ids come before `before`, or the newest of all. */
export interface PagePart {
  limit: number;
  before: string | undefined;
}

/** One page of a list, newest first, with the cursor of the next one if there is one. Throws a `ProblemError` `cursor_invalid` when the cursor is not one of a list. */
export async function readPage<Item extends { id: string }>(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  find: (part: PagePart) => Promise<readonly Item[]>,
): Promise<{ items: Item[]; nextCursor?: string }> {
  const before = decodeCursor(cursor, Position)?.before;
  // One more than the page has tells whether there is a next one.
  const found = await find({ limit: limit + 1, before });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last !== undefined && { nextCursor: encodeCursor({ before: last.id }) }) };
}
