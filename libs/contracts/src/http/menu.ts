import { z } from 'zod';
import { API_BASE, defineOperation } from './operation.ts';
import { Cents, DisplayName, Id } from './values.ts';

/** Where a drink is made. Each station has its own brewing queue. */
export const STATIONS = ['espresso', 'brew-bar'] as const;
export const Station = z.enum(STATIONS);
export type Station = z.infer<typeof Station>;

export const MenuItem = z
  .object({
    id: Id,
    name: z.string(),
    station: Station,
    priceCents: Cents,
    available: z.boolean(),
    stock: z.int().min(0),
    version: z.int().min(1).meta({ description: 'Grows with every change by staff; stock taken by orders does not change it.' }),
  })
  .meta({ id: 'MenuItem' });
export type MenuItem = z.infer<typeof MenuItem>;

export const Menu = z.object({ items: z.array(MenuItem) }).meta({ id: 'Menu' });
export type Menu = z.infer<typeof Menu>;

const conditionalRead = { 'if-none-match': z.string().max(1000).optional(), 'if-modified-since': z.string().max(100).optional() };
const validators = { ETag: 'Version of the representation.', 'Last-Modified': 'When it last changed.', 'Cache-Control': 'How long it may be kept.' };

export const getMenu = defineOperation({
  id: 'getMenu',
  module: 'orders',
  method: 'get',
  path: `${API_BASE}/menu`,
  access: 'public',
  summary: 'The menu',
  request: { headers: z.object(conditionalRead) },
  responses: { 200: { description: 'Every item.', body: Menu, headers: validators }, 304: { description: 'Not changed.' } },
  problems: [],
});

export const getPopularItems = defineOperation({
  id: 'getPopularItems',
  module: 'orders',
  method: 'get',
  path: `${API_BASE}/menu/popular`,
  access: 'public',
  summary: 'The items ordered most, first the most ordered',
  request: { query: z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(5) }) },
  responses: {
    200: {
      description: 'Items with the number ordered so far.',
      body: z.object({ items: z.array(z.object({ item: MenuItem, ordered: z.int().min(0) })) }).meta({ id: 'PopularItems' }),
    },
  },
  problems: [],
});

export const getMenuItem = defineOperation({
  id: 'getMenuItem',
  module: 'orders',
  method: 'get',
  path: `${API_BASE}/menu/:id`,
  access: 'public',
  summary: 'One menu item',
  request: { params: z.object({ id: Id }), headers: z.object(conditionalRead) },
  responses: { 200: { description: 'The item.', body: MenuItem, headers: validators }, 304: { description: 'Not changed.' } },
  problems: ['menu_item_not_found'],
});

export const MenuItemChange = z
  .strictObject({
    name: DisplayName.optional(),
    priceCents: Cents.optional(),
    available: z.boolean().optional(),
    stock: z.int().min(0).max(1_000_000).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .meta({ id: 'MenuItemChange' });
export type MenuItemChange = z.infer<typeof MenuItemChange>;

export const changeMenuItem = defineOperation({
  id: 'changeMenuItem',
  module: 'orders',
  method: 'patch',
  path: `${API_BASE}/menu/:id`,
  access: 'staff',
  summary: 'Change a menu item',
  request: {
    params: z.object({ id: Id }),
    headers: z.object({ 'if-match': z.string().max(1000).optional().meta({ description: 'The ETag of the item as read, weak as it is. Its version is compared, and with a new `stock` also the stock it was read with; 412 when they differ.' }) }),
    body: MenuItemChange,
  },
  requiredHeaders: { 'if-match': 'precondition_required' },
  responses: { 200: { description: 'The item as it is now.', body: MenuItem, headers: { ETag: validators.ETag } } },
  problems: ['menu_item_not_found', 'precondition_failed'],
});
