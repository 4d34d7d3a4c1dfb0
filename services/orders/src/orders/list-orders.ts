import type { listOrders } from '@doubleshot/contracts';
import type { Database } from '@doubleshot/shared/database';
import { readPage, type Handler } from '@doubleshot/shared/http';
import { findOrdersOf } from './orders-repository.ts';

export function createListOrders(database: Database): Handler<typeof listOrders> {
  return async ({ query, principal }) => ({ status: 200, body: await readPage(query, (part) => findOrdersOf(database, principal.userId, part)) });
}
