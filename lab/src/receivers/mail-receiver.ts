import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  messageId: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** What its `X-Trace-Id` says. */
  traceId?: string;
  receivedAt: Date;
}

/** A real SMTP server that keeps what it is given, in memory. */
export interface MailReceiver {
  /** `smtp://127.0.0.1:port`, the value of `SMTP_URL`. */
  readonly url: string;
  /** Every delivery in the order of arrival, those of one `Message-ID` again among them; the oldest are dropped beyond the limit. */
  readonly mails: readonly ReceivedMail[];
  /** Deliveries so far, the dropped ones too. */
  readonly received: number;
  /** Those deliveries whose `Message-ID` had come before. */
  readonly redelivered: number;
  to(address: string): readonly ReceivedMail[];
  /** Refuses mail to an address for good (550) until `accept`. */
  refuse(address: string): void;
  accept(address: string): void;
  clear(): void;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface MailReceiverOptions {
  /** A free one unless told. */
  port?: number;
  /** Address it listens on; the loopback interface unless told. */
  host?: string;
  /** Deliveries kept. */
  limit?: number;
}

const DEFAULT_LIMIT = 1_000_000;
const MAX_MAIL_BYTES = 1_000_000;
const CLOSE_TIMEOUT_MS = 500;

export async function startMailReceiver(options: MailReceiverOptions = {}): Promise<MailReceiver> {
  const host = options.host ?? '127.0.0.1';
  const limit = options.limit ?? DEFAULT_LIMIT;
  const mails: ReceivedMail[] = [];
  const seen = new Set<string>();
  const refused = new Set<string>();
  const counts = { received: 0, redelivered: 0 };

  const keep = (mail: ReceivedMail): void => {
    counts.received += 1;
    if (seen.has(mail.messageId)) counts.redelivered += 1;
    seen.add(mail.messageId);
    mails.push(mail);
    if (mails.length > limit) mails.shift();
  };
  const server = createServer({ keep, refuses: (address) => refused.has(address.toLowerCase()) });
  await new Promise<void>((resolve, reject) => {
    // Stays registered: a client that breaks off later must not end the lab.
    server.on('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.server.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  return {
    url: `smtp://${host}:${port}`,
    mails,
    get received() {
      return counts.received;
    },
    get redelivered() {
      return counts.redelivered;
    },
    to: (address) => mails.filter((mail) => mail.to.includes(address.toLowerCase())),
    refuse: (address) => { refused.add(address.toLowerCase()); },
    accept: (address) => { refused.delete(address.toLowerCase()); },
    clear: () => {
      mails.length = 0;
      seen.clear();
      Object.assign(counts, { received: 0, redelivered: 0 });
    },
    close: () => (closed ??= new Promise((resolve) => { server.close(resolve); })),
  };
}

const NO_SUCH_MAILBOX = 550;

function createServer({ keep, refuses }: { keep: (mail: ReceivedMail) => void; refuses: (address: string) => boolean }): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onRcptTo({ address }, _session, done) {
      done(refuses(address) ? Object.assign(new Error('no such mailbox'), { responseCode: NO_SUCH_MAILBOX }) : undefined);
    },
    onData(stream, session, done) {
      simpleParser(stream).then(
        (parsed) => {
          const traceId = parsed.headers.get('x-trace-id');
          keep({
            messageId: parsed.messageId ?? '',
            to: session.envelope.rcptTo.map((recipient) => recipient.address.toLowerCase()),
            subject: parsed.subject ?? '',
            text: parsed.text ?? '',
            ...(typeof traceId === 'string' && { traceId }),
            receivedAt: new Date(),
          });
          done();
        },
        (error: unknown) => { done(error instanceof Error ? error : new Error(String(error))); },
      );
    },
  });
}
