import type { ApiAnswer } from './api-client.ts';

/** The shop gave an answer the lab cannot go on with. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;

  constructor(what: string, answer: ApiAnswer) {
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    super(`${what}: the shop answered ${answer.status} ${text.slice(0, 300)}`);
    this.status = answer.status;
  }
}
