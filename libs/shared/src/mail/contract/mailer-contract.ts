import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { MailRefusedError } from '../mail-refused-error.ts';
import type { Mailer } from '../mailer.ts';
import { MailerUnavailableError } from '../mailer-unavailable-error.ts';

const MAIL = { id: '019aaf00-0000-7000-8000-000000000001', to: { name: 'Ann Été', address: 'ann@example.org' }, subject: 'Your order is ready', text: 'Come and get it.\n' };

/** Instead of an answer: the receiver ends the connection. */
const HANG_UP = '';

const servers: Server[] = [];

interface Receiver {
  url: string;
  mails: string[];
  commands: string[];
  connections: () => number;
}

/** Speaks just enough SMTP to take mail. */
async function startReceiver(answerTo: (command: string) => string = () => '250 ok'): Promise<Receiver> {
  const mails: string[] = [];
  const commands: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    serve(socket, { mails, commands, answerTo });
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, mails, commands, connections: () => connections };
}

function serve(socket: Socket, { mails, commands, answerTo }: { mails: string[]; commands: string[]; answerTo: (command: string) => string }): void {
  let data: string[] | undefined;
  socket.write('220 test\r\n');
  createInterface({ input: socket, crlfDelay: Infinity }).on('line', (line) => {
    if (data === undefined) {
      commands.push(line);
      if (line === 'DATA') data = [];
      if (answerTo(line) === HANG_UP) {
        socket.destroy();
        return;
      }
      socket.write(line === 'DATA' ? '354 go on\r\n' : `${answerTo(line)}\r\n`);
    } else if (line === '.') {
      mails.push(data.join('\n'));
      data = undefined;
      socket.write('250 taken\r\n');
    } else data.push(line);
  });
}

/** What every mailer does, against servers that speak SMTP. `open` connects to one, as a sender. */
export function mailerContract(name: string, open: (url: string, from: string) => Mailer): void {
  describe(`mailer: ${name}`, () => {
    afterEach(() => {
      for (const server of servers.splice(0)) server.close();
    });

    test('a mail arrives with the same Message-ID whenever it is sent, over one kept connection', async () => {
      const { url, mails, connections } = await startReceiver();
      const mailer = open(url, 'Shop <shop@example.org>');
      await mailer.ready();
      await mailer.send(MAIL);
      await mailer.send(MAIL);
      await mailer.close();
      await mailer.close();
      expect(mails).toHaveLength(2);
      for (const mail of mails) {
        expect(mail).toContain(`Message-ID: <${MAIL.id}@doubleshot.invalid>`);
        expect(mail).toContain('Subject: Your order is ready');
        expect(mail).toMatch(/^From: Shop <shop@example.org>$/m);
        expect(mail).toContain('Come and get it.');
      }
      expect(connections()).toBeLessThanOrEqual(2);
    });

    test('text of people never becomes a header or another recipient', async () => {
      const { url, mails, commands } = await startReceiver();
      const mailer = open(url, 'shop@example.org');
      await mailer.send({ ...MAIL, to: { name: 'Eve"\r\nBcc: victim@example.org', address: 'eve@example.org' }, subject: 'Hi\r\nX-Evil: 1\n\nbody' });
      await mailer.close();
      const head = mails[0]?.split('\n\n', 1)[0] ?? '';
      expect(head).not.toMatch(/^(?:bcc|x-evil):/im);
      expect(commands.filter((command) => command.startsWith('RCPT'))).toEqual(['RCPT TO:<eve@example.org>']);
    });

    test.each([['a@b, victim@example.org'], ['a@b>\r\nRCPT TO:<victim@example.org'], ['Eve <a@b>'], ['nobody'], ['']])('the address %j is refused before anything is sent', async (address) => {
      const { url, connections } = await startReceiver();
      const mailer = open(url, 'shop@example.org');
      await expect(mailer.send({ ...MAIL, to: { name: 'x', address } })).rejects.toThrow('not one address');
      await mailer.close();
      expect(connections()).toBe(0);
    });

    test('a refusal rejects, as final or not by its code, and so does a server that never answers', async () => {
      const refusing = await startReceiver((command) => (command.startsWith('RCPT') ? '550 no such user' : '250 ok'));
      const mailer = open(refusing.url, 'shop@example.org');
      await expect(mailer.send(MAIL)).rejects.toSatisfy((error: Error) => error instanceof MailRefusedError && error.message.includes('550 no such user'));
      await mailer.close();
      const busy = await startReceiver((command) => (command.startsWith('RCPT') ? '451 come again' : '250 ok'));
      const patient = open(busy.url, 'shop@example.org');
      await expect(patient.send(MAIL)).rejects.toSatisfy((error: Error) => !(error instanceof MailRefusedError) && !(error instanceof MailerUnavailableError));
      await patient.close();
      const mute = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
      servers.push(mute);
      await once(mute, 'listening');
      const waiting = open(`smtp://127.0.0.1:${(mute.address() as AddressInfo).port}`, 'shop@example.org');
      await expect(waiting.send(MAIL)).rejects.toBeInstanceOf(MailerUnavailableError);
      await waiting.close();
    }, 20_000);

    test.each([
      ['the password', 'AUTH', '535 credentials invalid'],
      ['the password for now', 'AUTH', '454 come again'],
      ['the sender', 'MAIL FROM', '550 not from here'],
    ])('a server that refuses %s rejects as unavailable: no mail is at fault', async (_what, refused, answer) => {
      const receiver = await startReceiver((command) => (command.startsWith('EHLO') ? '250-test\r\n250 AUTH PLAIN' : command.startsWith(refused) ? answer : '250 ok'));
      const mailer = open(receiver.url.replace('//', '//shop:secret@'), 'shop@example.org');
      await expect(mailer.send(MAIL)).rejects.toSatisfy((error: Error) => error instanceof MailerUnavailableError && error.message.includes(answer));
      await mailer.close();
    });

    test('a server that is away rejects as unavailable, and a mail that breaks its connection to one that answers does not', async () => {
      const gone = createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const { port } = gone.address() as AddressInfo;
      gone.close();
      await once(gone, 'close');
      const refused = open(`smtp://127.0.0.1:${port}`, 'shop@example.org');
      await expect(refused.send(MAIL)).rejects.toBeInstanceOf(MailerUnavailableError);
      await refused.close();
      const breaking = await startReceiver((command) => (command.startsWith('RCPT') ? HANG_UP : '250 ok'));
      const broken = open(breaking.url, 'shop@example.org');
      const error: unknown = await broken.send(MAIL).catch((reason: unknown) => reason);
      await broken.close();
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(MailerUnavailableError);
    });
  });
}
