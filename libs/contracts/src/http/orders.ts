import { z } from 'zod';
import { API_BASE, defineOperation } from './operation.ts';
import { Cents, Id, Instant, PageQuery } from './values.ts';

export const OrderStatus = z.enum(['placed', 'brewing', 'ready', 'cancelled']);
export type OrderStatus = z.infer<typeof OrderStatus>;

export const OrderItem = z.object({ menuItemId: Id, name: z.string(), quantity: z.int().min(1), unitPriceCents: Cents }).meta({ id: 'OrderItem' });
export type OrderItem = z.infer<typeof OrderItem>;

export const Order = z
  .object({
    id: Id,
    customerId: Id,
    status: OrderStatus,
    items: z.array(OrderItem),
    totalCents: Cents,
    placedAt: Instant,
    updatedAt: Instant,
    version: z.int().min(1).meta({ description: 'Grows by one with every change of status.' }),
    cancelReason: z.string().optional(),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

export const PlaceOrderRequest = z
  .strictObject({
    items: z
      .array(z.strictObject({ menuItemId: Id, quantity: z.int().min(1).max(100) }))
      .min(1)
      .max(20)
      .refine((items) => new Set(items.map((item) => item.menuItemId)).size === items.length, 'names a menu item twice'),
  })
  .meta({ id: 'PlaceOrderRequest' });
export type PlaceOrderRequest = z.infer<typeof PlaceOrderRequest>;

const prefer = z.string().max(200).optional().meta({ description: '`wait=<seconds>` (RFC 7240), 30 at most: answer when there is something new.' });
const ifNoneMatch = z.string().max(1000).optional();

const WAIT_HONOURED = 'The wait that was honoured. Missing when the answer came without one: few requests of a customer may wait at once, and none when the service is full or closes.';

export const placeOrder = defineOperation({
  id: 'placeOrder',
  module: 'orders',
  method: 'post',
  path: `${API_BASE}/orders`,
  access: 'authenticated',
  summary: 'Place an order',
  description:
    'Durable and done once for each Idempotency-Key of a customer: the same key with the same body gives the same order again, as it was when it was placed, even if the first answer waited and told of a later status. With `Prefer: wait=10` the answer comes when the order is ready (or cancelled), or after that time; with the key of an order that was placed before, it tells of that order as it is then.',
  request: {
    headers: z.object({
      'idempotency-key': z.string().min(1).max(200).regex(/^[\x21-\x7e]+$/, 'must be printable ASCII').optional().meta({ description: 'One for each order; sent again with it when the answer was lost.' }),
      prefer,
    }),
    body: PlaceOrderRequest,
  },
  requiredHeaders: { 'idempotency-key': 'idempotency_key_missing' },
  responses: {
    201: {
      description: 'The order.',
      body: Order,
      headers: {
        Location: 'Path of the order.',
        ETag: 'Version of the order.',
        'Idempotency-Replayed': '`true` when this answer was given before.',
        'Preference-Applied': WAIT_HONOURED,
      },
    },
  },
  problems: ['idempotency_key_reused', 'idempotency_in_progress', 'out_of_stock', 'menu_item_not_found', 'menu_item_unavailable'],
});

export const getOrder = defineOperation({
  id: 'getOrder',
  module: 'orders',
  method: 'get',
  path: `${API_BASE}/orders/:id`,
  access: 'authenticated',
  summary: 'One of my orders',
  description: 'With `If-None-Match` 304 while nothing changed; with `Prefer: wait` besides, the answer waits for the next change.',
  request: { params: z.object({ id: Id }), headers: z.object({ 'if-none-match': ifNoneMatch, prefer }) },
  responses: {
    200: { description: 'The order.', body: Order, headers: { ETag: 'Version of the order.', 'Preference-Applied': WAIT_HONOURED } },
    304: { description: 'Not changed.' },
  },
  problems: ['order_not_found'],
});

export const OrderPage = z.object({ items: z.array(Order), nextCursor: z.string().optional() }).meta({ id: 'OrderPage' });

export const listOrders = defineOperation({
  id: 'listOrders',
  module: 'orders',
  method: 'get',
  path: `${API_BASE}/orders`,
  access: 'authenticated',
  summary: 'My orders, newest first',
  request: { query: PageQuery },
  responses: { 200: { description: 'A page.', body: OrderPage } },
  problems: ['cursor_invalid'],
});

export const CancelOrderRequest = z
  .strictObject({ reason: z.string().min(1).max(200).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters').optional() })
  .meta({ id: 'CancelOrderRequest' });

export const cancelOrder = defineOperation({
  id: 'cancelOrder',
  module: 'orders',
  method: 'post',
  path: `${API_BASE}/orders/:id/cancel`,
  access: 'authenticated',
  summary: 'Cancel an order that is not brewing yet',
  description: 'Cancelling a cancelled order again answers 200 with the same order. The stock goes back.',
  request: { params: z.object({ id: Id }), body: CancelOrderRequest.optional() },
  responses: { 200: { description: 'The cancelled order.', body: Order, headers: { ETag: 'Version of the order.' } } },
  problems: ['order_not_found', 'order_not_cancellable'],
});
