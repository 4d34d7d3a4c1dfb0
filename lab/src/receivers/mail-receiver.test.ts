import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startMailReceiver, type MailReceiver } from './mail-receiver.ts';

let receiver: MailReceiver;
beforeEach(async () => {
  receiver = await startMailReceiver({ limit: 3 });
});
afterEach(() => receiver.close());

async function send(messageId: string, to = 'Ada@example.com'): Promise<void> {
  const transport = createTransport(receiver.url);
  await transport.sendMail({ from: 'shop@doubleshot.example', to, subject: 'Ready – “now”', text: 'Your coffee\nis ready.', messageId });
  transport.close();
}

test('when a mail is sent, then its id, recipient, subject and text are kept', async () => {
  await send('<1@doubleshot.invalid>');
  expect(receiver.to('ada@EXAMPLE.com')).toMatchObject([{ messageId: '<1@doubleshot.invalid>', to: ['ada@example.com'], subject: 'Ready – “now”' }]);
  expect(receiver.mails[0]?.text.trim()).toBe('Your coffee\nis ready.');
});

test('when a Message-ID comes again, then it is counted as redelivered', async () => {
  for (const id of ['<1@x>', '<2@x>', '<1@x>']) await send(id);
  expect({ received: receiver.received, redelivered: receiver.redelivered }).toEqual({ received: 3, redelivered: 1 });
});

test('when more arrive than are kept, then the oldest go and the counts stay', async () => {
  for (const id of ['<1@x>', '<2@x>', '<3@x>', '<4@x>']) await send(id);
  expect(receiver.mails.map((mail) => mail.messageId)).toEqual(['<2@x>', '<3@x>', '<4@x>']);
  expect(receiver.received).toBe(4);
});
