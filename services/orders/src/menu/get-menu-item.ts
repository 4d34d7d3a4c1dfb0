import type { getMenuItem } from '@doubleshot/contracts';
import { ProblemError } from '@doubleshot/shared/errors';
import type { Handler } from '@doubleshot/shared/http';
import { conditionalRead } from './conditional-read.ts';
import type { MenuSource } from './menu-source.ts';

export function createGetMenuItem(menu: MenuSource, cacheMs: number): Handler<typeof getMenuItem> {
  return async (input) => {
    const item = (await menu.current()).items.get(input.params.id);
    if (item === undefined) throw new ProblemError('menu_item_not_found');
    return conditionalRead(input, item, cacheMs);
  };
}
