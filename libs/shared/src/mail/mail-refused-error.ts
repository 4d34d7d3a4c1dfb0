/** The mail server refused the mail for good (a 5xx answer, RFC 5321 §4.2.1): sending it again as it is cannot help. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';

  constructor(cause: Error) {
    super(`the mail server refused the mail: ${cause.message}`, { cause });
  }
}
