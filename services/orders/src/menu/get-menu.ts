import type { getMenu } from '@doubleshot/contracts';
import type { Handler } from '@doubleshot/shared/http';
import { conditionalRead } from './conditional-read.ts';
import type { MenuSource } from './menu-source.ts';

export function createGetMenu(menu: MenuSource, cacheMs: number): Handler<typeof getMenu> {
  return async (input) => conditionalRead(input, (await menu.current()).list, cacheMs);
}
