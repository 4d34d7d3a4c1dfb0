import { z } from 'zod';
import { API_BASE, defineOperation } from './operation.ts';
import { Id, Instant, PageQuery } from './values.ts';

/** The facts that people are told about. */
export const NotificationType = z.enum(['order.ready', 'order.cancelled']);
export type NotificationType = z.infer<typeof NotificationType>;

export const Notification = z
  .object({ id: Id, type: NotificationType, orderId: Id, title: z.string(), text: z.string(), createdAt: Instant })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof Notification>;

export const NotificationPage = z.object({ items: z.array(Notification), nextCursor: z.string().optional() }).meta({ id: 'NotificationPage' });

export const listNotifications = defineOperation({
  id: 'listNotifications',
  module: 'notifications',
  method: 'get',
  path: `${API_BASE}/notifications`,
  access: 'authenticated',
  summary: 'My notifications, newest first',
  request: { query: PageQuery },
  responses: { 200: { description: 'A page.', body: NotificationPage } },
  problems: ['cursor_invalid'],
});
