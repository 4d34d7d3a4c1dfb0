export interface Mail {
  /** Becomes the `Message-ID`: `<id@doubleshot.invalid>`. The same mail sent again has the same id. */
  id: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/** Header of a mail that names the trace in which it was sent. */
export const TRACE_ID_HEADER = 'X-Trace-Id';

/** Sends e-mail by SMTP. */
export interface Mailer {
  /**
   * Resolves when the server has taken the mail, rejects otherwise: then the server may or may not have it. A `MailRefusedError` says that it has not
   * and never will, a `MailerUnavailableError` that nobody was there, or takes no mail from the shop at all.
   */
  send(mail: Mail): Promise<void>;
  ready(): Promise<void>;
  close(): Promise<void>;
}
