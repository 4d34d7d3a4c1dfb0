import { proveOn } from './prove-on.ts';

const KILLS = 2;
/** Where what is done is not yet written down, or told. */
const STEPS = ['after orders.place', 'after sending mail', 'before notifications.mark-email-sent'];

proveOn([
  { bug: 'mark-before-confirm', trial: 'crash', kills: KILLS, column: 'lost', meaning: 'the relay removes a message before it is confirmed' },
  { bug: 'effect-outside-transaction', trial: 'crash', kills: STEPS, column: 'duplicated', meaning: 'an effect is committed before its inbox row' },
  { bug: 'new-message-id', trial: 'crash', kills: STEPS, column: 'duplicated', meaning: 'an e-mail has another Message-ID with each attempt' },
  { bug: 'drops-what-fails', trial: 'crash', kills: KILLS, column: 'lost', meaning: 'a message that failed once is dropped' },
  { bug: 'ignores-keys', trial: 'crash', kills: STEPS, column: 'duplicated', meaning: 'the Idempotency-Key is not looked up' },
  { bug: 'writes-refused', trial: 'crash', kills: KILLS, column: 'unexpected', meaning: 'an order that is refused is written all the same' },
]);
