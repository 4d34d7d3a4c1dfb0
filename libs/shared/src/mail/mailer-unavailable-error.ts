/** The mail server cannot be reached: the mail is not at fault, and later it may go out. */
export class MailerUnavailableError extends Error {
  override readonly name = 'MailerUnavailableError';

  constructor(cause: unknown) {
    super(`the mail server cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
