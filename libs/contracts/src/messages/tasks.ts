import { z } from 'zod';
import { Station } from '../http/menu.ts';
import { Notification } from '../http/notifications.ts';
import { StreamEvent } from '../http/stream.ts';
import { Id } from '../http/values.ts';
import { defineMessage } from './cloud-event.ts';

export const BrewTask = defineMessage({
  type: 'brew.v1',
  description: 'Work for one station: make its drinks of one order. Subject: the order id.',
  data: z.object({ orderId: Id, station: Station, drinks: z.int().min(1) }),
});

export const Channel = z.enum(['email', 'inapp']);
export type Channel = z.infer<typeof Channel>;

export const NotifyTask = defineMessage({
  type: 'notify.v1',
  description: 'Work for one channel: tell one person one thing. Subject: the notification id.',
  data: z.object({ channel: Channel, userId: Id, notification: Notification }),
});

export const LivePush = defineMessage({
  type: 'live.v1',
  description: 'For every notifications process: push one stream event to the connections of one user. Not durable: the stream resumes from the database.',
  data: z.object({ userId: Id, event: StreamEvent }),
});

/** Every task type. */
export const TASKS = [BrewTask, NotifyTask, LivePush] as const;
