import type { Notification } from '@doubleshot/contracts';
import type { Mail, Mailer } from '@doubleshot/shared/mail';
import { TooEarlyError } from '@doubleshot/shared/messaging';
import type { Contact, Contacts } from '../contacts/contacts.ts';
import { textInOwnWords } from '../facts/notification-of-fact.ts';
import type { EmailClaims } from './email-claims.ts';

/** Another copy of the task is being handled now; whether it sent the e-mail is known when this one comes back. */
export class EmailInProgressError extends Error {
  override readonly name = 'EmailInProgressError';
}

export interface SendEmailDeps {
  claims: EmailClaims;
  contacts: Contacts;
  mailer: Mailer;
}

/**
 * The e-mail channel: one e-mail for each notification. Sending and recording are not one transaction; a crash between them
 * sends again under the same Message-ID, which receivers take for the same mail. Without a contact it waits for the registration, which is on its way in another topic.
 */
export function createSendEmail({ claims, contacts, mailer }: SendEmailDeps): (userId: string, notification: Notification) => Promise<void> {
  /** Answers whether it was sent now. */
  async function sendClaimed(userId: string, notification: Notification): Promise<boolean> {
    if (await claims.sent(notification.id)) return false;
    const contact = await contacts.find(userId);
    if (contact === undefined) throw new TooEarlyError(`no contact is known for user ${userId} yet`);
    await mailer.send(mailTo(contact, notification));
    return true;
  }

  return async (userId, notification) => {
    if (!(await claims.take(notification.id))) throw new EmailInProgressError(`e-mail ${notification.id} is being sent by another`);
    let sent = false;
    try {
      sent = await sendClaimed(userId, notification);
    } finally {
      await (sent ? claims.markSent(notification.id) : claims.release(notification.id));
    }
  };
}

/** What mail programs turn into a link. */
const LINK = /:\/\/|www\.|[\p{L}\p{N}-]\.\p{L}{2,}/iu;

/** Nobody has shown that the address is theirs: a mail carries nothing with which a stranger could use the shop to advertise. */
export function mailTo({ name, email }: Contact, { id, title, type, orderId }: Notification): Mail {
  const addressee = LINK.test(name) ? '' : name;
  const greeting = addressee === '' ? 'Hello,' : `Hello ${addressee},`;
  return { id, to: { name: addressee, address: email }, subject: title, text: `${greeting}\n\n${textInOwnWords({ type, orderId })}\n\nDoubleshot\n` };
}
