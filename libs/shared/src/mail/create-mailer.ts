import { createTransport } from 'nodemailer';
import { passStep } from '../telemetry/steps.ts';
import { currentTraceId } from '../telemetry/traceparent.ts';
import { SpanKind, withSpan, type Attributes } from '../telemetry/with-span.ts';
import { TRACE_ID_HEADER, type Mail, type Mailer } from './mailer.ts';
import { MailRefusedError } from './mail-refused-error.ts';
import { MailerUnavailableError } from './mailer-unavailable-error.ts';

/** Time for each of connecting, the greeting and every answer of the server. */
const CONNECT_TIMEOUT_MS = 2_000;
const SOCKET_TIMEOUT_MS = 5_000;
const MOST_CONNECTIONS = 5;
const MOST_MESSAGES_PER_CONNECTION = 1_000;
/** What nodemailer takes where the URL names none. */
const SMTP_PORT = 587;
const SMTPS_PORT = 465;
const DOMAIN = 'doubleshot.invalid';

/** Codes of nodemailer. */
const CONNECTION_FAULTS = new Set(['ECONNECTION', 'EDNS', 'ESOCKET', 'ETIMEDOUT', 'ETLS', 'EPROTOCOL']);

const LINE_BREAKS_AND_CONTROLS = /[\p{Cc}\p{Cs}]+/gu;
const HARMLESS_ID = /^[A-Za-z0-9._-]{1,120}$/;
const HARMLESS_ADDRESS = /^[^\s<>,;:"()[\]\\\p{Cc}]+@[^\s<>,;:"()[\]\\\p{Cc}@]+$/u;

export interface MailerOptions {
  /** The sender, as `Name <address>` or an address alone. */
  from: string;
}

/**
 * Sends through an SMTP server (`smtp://user:password@host:port`, or `smtps:`) over a few kept connections. Whoever creates it closes it.
 * `send` rejects within some seconds when the server does not answer; with {@link MailerUnavailableError} when it cannot be reached at all or takes
 * no mail from the shop, with {@link MailRefusedError} when it refused the mail for good.
 */
export function createMailer(smtpUrl: string, { from }: MailerOptions): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MOST_CONNECTIONS,
    maxMessages: MOST_MESSAGES_PER_CONNECTION,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    dnsTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const server = serverAttributes(new URL(smtpUrl));
  let closed = false;

  // A mail that breaks its connection while others can be opened is at fault itself.
  async function reach(cause: unknown): Promise<void> {
    try {
      await transport.verify();
    } catch {
      throw new MailerUnavailableError(cause);
    }
  }

  return {
    send: (mail) => withSpan('send email', { kind: SpanKind.CLIENT, attributes: { ...server, 'doubleshot.mail.id': mail.id } }, async () => {
      const message = { from, ...messageOf(mail), headers: traceHeaders() };
      try {
        passStep('before sending', 'mail', mail.id);
        await transport.sendMail(message);
        passStep('after sending', 'mail', mail.id);
      } catch (error) {
        if (isConnectionFault(error)) await reach(error);
        throw refusalOf(error);
      }
    }),
    ready: async () => {
      await transport.verify();
    },
    close: () => {
      if (!closed) transport.close();
      closed = true;
      return Promise.resolve();
    },
  };
}

/** SMTP has no conventions of its own: these are the general ones (https://opentelemetry.io/docs/specs/semconv/general/attributes/). */
function serverAttributes({ protocol, hostname, port }: URL): Attributes {
  const usual = protocol === 'smtps:' ? SMTPS_PORT : SMTP_PORT;
  return { 'network.protocol.name': 'smtp', 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}

function traceHeaders(): Record<string, string> {
  const traceId = currentTraceId();
  return traceId === undefined ? {} : { [TRACE_ID_HEADER]: traceId };
}

function isConnectionFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CONNECTION_FAULTS.has(String(error.code));
}

const FIRST_FINAL_ANSWER = 500;
/** What is answered to these is about the one mail, to others (a greeting, a password, the sender) about the shop. */
const ABOUT_THE_MAIL = new Set<unknown>(['RCPT TO', 'DATA']);

function refusalOf(error: unknown): unknown {
  if (!(error instanceof Error && 'responseCode' in error && 'command' in error)) return error;
  if (!ABOUT_THE_MAIL.has(error.command)) return new MailerUnavailableError(error);
  return Number(error.responseCode) >= FIRST_FINAL_ANSWER ? new MailRefusedError(error) : error;
}

// Name and subject are text of people: what could start another header line is turned into a blank.
function messageOf({ id, to, subject, text }: Mail): object {
  if (!HARMLESS_ID.test(id)) throw new Error('the id of a mail may only hold letters, digits, dot, dash and underscore');
  if (!HARMLESS_ADDRESS.test(to.address)) throw new Error('the address of a mail is not one address');
  return { messageId: `<${id}@${DOMAIN}>`, to: { name: oneLine(to.name), address: to.address }, subject: oneLine(subject), text };
}

function oneLine(text: string): string {
  return text.replace(LINE_BREAKS_AND_CONTROLS, ' ').trim();
}
