import type { SqlExecutor } from '@doubleshot/shared/database';
import { recordedOnce, type Inbox } from '@doubleshot/shared/messaging';
import { SCHEMA } from '../schema/create-notifications.ts';

/** Name under which the inbox remembers e-mails. */
const CONSUMER = 'notifications.email';

/**
 * Longer than an attempt to send takes with a server that answers, and short enough for the queue's fourth try to find the claim of a process that
 * died run out, by the database's clock. Were it ever too short, the e-mail would come again under the same Message-ID.
 */
const CLAIM_SECONDS = 5;

/** Lets one of several copies of a task send its e-mail at a time. */
export interface EmailClaims {
  /** False when another has it now. */
  take(notificationId: string): Promise<boolean>;
  /** To be asked by who has the claim: another may have sent it before that. */
  sent(notificationId: string): Promise<boolean>;
  /** Remembers for good that it was sent, and releases the claim. */
  markSent(notificationId: string): Promise<void>;
  release(notificationId: string): Promise<void>;
}

export function createEmailClaims(sql: SqlExecutor, inbox: Inbox): EmailClaims {
  return {
    async take(notificationId) {
      return (await sql.query(TAKE, [notificationId, CLAIM_SECONDS])).length > 0;
    },
    sent: (notificationId) => inbox.seen(CONSUMER, notificationId),
    async markSent(notificationId) {
      await inbox.once(CONSUMER, notificationId, MARK_SENT, []);
    },
    async release(notificationId) {
      await sql.query(RELEASE, [notificationId]);
    },
  };
}

const TAKE = {
  name: 'notifications.take-email-claim',
  text: `INSERT INTO notifications.email_claims (notification_id, claimed_until) VALUES ($1, now() + make_interval(secs => $2))
         ON CONFLICT (notification_id) DO UPDATE SET claimed_until = excluded.claimed_until WHERE email_claims.claimed_until < now()
         RETURNING notification_id`,
};

const MARK_SENT = {
  name: 'notifications.mark-email-sent',
  text: `WITH ${recordedOnce(SCHEMA)}, released AS (DELETE FROM notifications.email_claims WHERE notification_id = $2) SELECT FROM recorded`,
};

const RELEASE = { name: 'notifications.release-email-claim', text: 'DELETE FROM notifications.email_claims WHERE notification_id = $1' };
