import type { getPopularItems } from '@doubleshot/contracts';
import type { Handler } from '@doubleshot/shared/http';
import type { MenuSource } from './menu-source.ts';
import type { Popularity } from './popularity.ts';

export function createGetPopularItems(menu: MenuSource, popularity: Popularity): Handler<typeof getPopularItems> {
  return async ({ query }) => {
    const [{ entries }, scores] = await Promise.all([menu.current(), popularity.top(query.limit)]);
    const items = scores.flatMap(({ member, score }) => {
      const item = entries.get(member)?.item;
      return item === undefined ? [] : [{ item, ordered: score }];
    });
    return { status: 200, headers: { 'Cache-Control': 'public, max-age=1' }, body: { items } };
  };
}
