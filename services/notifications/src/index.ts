export { createNotificationsModule, notificationsModule, type NotificationsDeps } from './notifications-module.ts';
