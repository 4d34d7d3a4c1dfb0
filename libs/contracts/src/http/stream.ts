import { z } from 'zod';
import { Notification } from './notifications.ts';
import { API_BASE, defineOperation } from './operation.ts';
import { OrderStatus } from './orders.ts';
import { Id, Instant } from './values.ts';

/** `event: order.status` on the stream. */
export const OrderStatusChange = z.object({ orderId: Id, status: OrderStatus, version: z.int().min(1), at: Instant }).meta({ id: 'OrderStatusChange' });
export type OrderStatusChange = z.infer<typeof OrderStatusChange>;

/** The trace in which it happened, where one was recorded. */
const Traced = { traceId: z.string().optional() };

/**
 * One Server-Sent Event. `id` grows within one customer without gaps, so that `Last-Event-ID` resumes exactly behind the last one seen.
 */
export const StreamEvent = z.discriminatedUnion('event', [
  z.object({ id: z.int().min(1), event: z.literal('order.status'), data: OrderStatusChange.extend(Traced) }),
  z.object({ id: z.int().min(1), event: z.literal('notification'), data: Notification.extend(Traced) }),
]);
export type StreamEvent = z.infer<typeof StreamEvent>;

export const openStream = defineOperation({
  id: 'openStream',
  module: 'notifications',
  method: 'get',
  path: `${API_BASE}/stream`,
  access: 'authenticated',
  summary: 'What happens to my orders, as it happens',
  description: 'Server-Sent Events `order.status` and `notification`. `Last-Event-ID` resumes behind that event; without it the stream begins now.',
  request: { headers: z.object({ 'last-event-id': z.string().regex(/^\d{1,15}$/, 'must be an id this stream gave out').optional() }) },
  responses: { 200: { description: 'An endless stream.', body: z.string(), mediaType: 'text/event-stream' } },
  problems: ['rate_limited'],
});
