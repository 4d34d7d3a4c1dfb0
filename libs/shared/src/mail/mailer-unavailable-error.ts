/** The mail server cannot be reached, or takes no mail from the shop (its password, its address): the mail is not at fault, and later it may go out. */
export class MailerUnavailableError extends Error {
  override readonly name = 'MailerUnavailableError';

  constructor(cause: unknown) {
    super(`the mail server takes no mail: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
