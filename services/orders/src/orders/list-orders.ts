import { Id, type listOrders } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { decodeCursor, encodeCursor, type Handler } from '@doubleshot/shared/http';
import { z } from 'zod';
import { findOrdersOf } from './orders-repository.ts';

/** Ids grow with time, so the last one of a page is where the next begins. */
const Position = z.strictObject({ before: Id });

export function createListOrders(database: Database): Handler<typeof listOrders> {
  return async ({ query, principal }) => {
    const { limit } = query;
    const before = decodeCursor(query.cursor, Position)?.before;
    const found = await findOrdersOf(database, principal.userId, { limit: limit + 1, before });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = found.length > limit && last !== undefined ? { nextCursor: encodeCursor({ before: last.id }) } : {};
    return { status: 200, body: { items, ...nextCursor } };
  };
}
