import { MenuChanged, type changeMenuItem, type MenuItem, type MenuItemChange } from '@doubleshot/contracts';
import { REQUEST_DEADLINE_MS, type Database, type Transaction } from '@doubleshot/shared/database';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import { outboxEvent, type Outbox } from '@doubleshot/shared/messaging';
import { SOURCE } from '../source.ts';
import { allowsChange, itemEtag } from './item-etag.ts';
import { lockMenuItem, updateMenuItem } from './menu-repository.ts';
import type { MenuSource } from './menu-source.ts';

export interface ChangeMenuItemDeps {
  database: Database;
  outbox: Outbox;
  menu: MenuSource;
}

interface Edit {
  id: string;
  ifMatch: string;
  change: MenuItemChange;
}

/** Staff edits an item they have read; somebody else's edit in between is not overwritten, nor a stock they have not seen. */
export function createChangeMenuItem(deps: ChangeMenuItemDeps): Handler<typeof changeMenuItem> {
  return async ({ params, headers, body }) => {
    const item = await change(deps, { id: params.id, ifMatch: headers['if-match'], change: body });
    deps.outbox.wake();
    // The change is made: that the menu could not be read again does not make it fail, and readers look again by themselves.
    await deps.menu.refresh().catch(() => undefined);
    return { status: 200, headers: { ETag: itemEtag(item) }, body: item };
  };
}

function change({ database, outbox }: ChangeMenuItemDeps, edit: Edit): Promise<MenuItem> {
  return database.transaction((transaction) => changeLocked(transaction, outbox, edit), { deadlineMs: REQUEST_DEADLINE_MS });
}

async function changeLocked(transaction: Transaction, outbox: Outbox, { id, ifMatch, change }: Edit): Promise<MenuItem> {
  const before = await lockMenuItem(transaction, id);
  if (before === undefined) throw new ProblemError('menu_item_not_found');
  if (!allowsChange(ifMatch, before.item, { setsStock: change.stock !== undefined })) throw new ProblemError('precondition_failed');
  const at = new Date().toISOString();
  const { item } = await updateMenuItem(transaction, id, { change, at });
  await outbox.add(transaction, [outboxEvent(MenuChanged, { source: SOURCE, subject: id, data: { item, at } })]);
  return item;
}
