import { integerSetting } from '@doubleshot/shared/config';
import type { z } from 'zod';

/** Variables of this module. */
export const NOTIFICATIONS_SETTINGS = {
  STREAM_MAX_CONNECTIONS: integerSetting({ min: 1, max: 100_000 }).default(5_000).describe('Most open streams of one process; more get 503.'),
  STREAM_MAX_CONNECTIONS_PER_USER: integerSetting({ min: 1, max: 1_000 }).default(10).describe('Most open streams of one user in one process; more get 429.'),
  STREAM_RETENTION_HOURS: integerSetting({ min: 1, max: 8_760 }).default(24).describe('How long a stream can be resumed: older stream events are deleted.'),
  EMAIL_CONCURRENCY: integerSetting({ min: 1, max: 200 }).default(10).describe('E-mails sent at once by one process.'),
  INAPP_CONCURRENCY: integerSetting({ min: 1, max: 200 }).default(10).describe('In-app notifications stored at once by one process.'),
};

export type NotificationsSettings = z.output<z.ZodObject<typeof NOTIFICATIONS_SETTINGS>>;
