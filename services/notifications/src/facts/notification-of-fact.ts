import type { Notification } from '@doubleshot/contracts';

/** What the text of a notification is made of. */
export interface NotifiableFact {
  /** Id of the event: also the id of the notification, so that one fact can never make two. */
  eventId: string;
  type: Notification['type'];
  orderId: string;
  at: string;
  reason?: string | undefined;
}

/** Digits of an order id that people see: the last ones, as the first of a UUIDv7 are only the time. */
const SHORT_ID_LENGTH = 6;

/** Turns a fact into the message for its customer. */
export function notificationOfFact(fact: NotifiableFact): Notification {
  const { title, text } = WORDING[fact.type](nameOf(fact.orderId), fact.reason);
  return { id: fact.eventId, type: fact.type, orderId: fact.orderId, title, text, createdAt: fact.at };
}

/** The text of a notification in the shop's words alone, without a reason that somebody wrote. */
export function textInOwnWords({ type, orderId }: Pick<Notification, 'type' | 'orderId'>): string {
  return WORDING[type](nameOf(orderId), undefined).text;
}

function nameOf(orderId: string): string {
  return `Order ${orderId.slice(-SHORT_ID_LENGTH)}`;
}

const WORDING: Record<Notification['type'], (name: string, reason: string | undefined) => { title: string; text: string }> = {
  'order.ready': (name) => ({ title: 'Your order is ready', text: `${name} is ready. Enjoy your coffee!` }),
  'order.cancelled': (name, reason) => ({
    title: 'Your order was cancelled',
    text: reason === undefined ? `${name} was cancelled.` : `${name} was cancelled: ${reason}`,
  }),
};
