import { LabError } from '../errors.ts';
import type { Customer } from '../load/customers.ts';
import type { ObservedMail, ObservedNotification, ObservedOrder } from './observation.ts';

/** A mail as the SMTP receiver keeps it. */
export interface DeliveredMail {
  messageId: string;
  to: readonly string[];
  text: string;
}

/** What the SMTP receiver has: the last deliveries, and how many came in all. */
export interface DeliveredMails {
  readonly mails: readonly DeliveredMail[];
  readonly received: number;
}

export interface MailContext {
  customers: readonly Customer[];
  orders: readonly ObservedOrder[];
  notifications: readonly ObservedNotification[];
}

// People see the last digits of an order id: "Order 3fa2b1 is ready".
const SHORT_ID = /\bOrder ([0-9a-f]{6})\b/;

/**
 * Finds the order of each delivery to one of our customers: by the notification its Message-ID names, else by the digits in its text.
 * Throws when the receiver has dropped some: what it dropped would pass for lost.
 */
export function observeMails({ mails, received }: DeliveredMails, { customers, orders, notifications }: MailContext): ObservedMail[] {
  if (mails.length < received) throw new LabError(`the SMTP receiver kept the last ${mails.length} of ${received} e-mails: nothing can be said about the others; place fewer orders in one run`);
  const customerOf = new Map(customers.map((customer) => [customer.email.toLowerCase(), customer.id]));
  const orderOfNotification = new Map(notifications.map((notification) => [notification.id, notification.orderId]));
  const orderOfDigits = new Map(orders.map((order) => [`${order.customerId} ${order.id.slice(-6)}`, order.id]));
  return mails.flatMap(({ messageId, to, text }) => {
    const customerIds = new Set(to.flatMap((address) => customerOf.get(address.toLowerCase()) ?? []));
    const ofNotification = orderOfNotification.get(messageId.replace(/^<|@.*$/g, ''));
    const digits = SHORT_ID.exec(text)?.[1] ?? '';
    return [...customerIds].map((customerId) => ({ messageId, customerId, orderId: ofNotification ?? orderOfDigits.get(`${customerId} ${digits}`) }));
  });
}
