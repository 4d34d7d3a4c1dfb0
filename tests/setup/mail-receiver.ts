export { startMailReceiver, type MailReceiver } from '../../lab/src/receivers/mail-receiver.ts';
