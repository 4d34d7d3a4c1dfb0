import { z } from 'zod';
import { LabError } from '../errors.ts';

const ANSWER_TIMEOUT_MS = 10_000;
const Found = z.object({ messages_count: z.int() });

/** How many e-mails to an address Mailpit has (https://mailpit.axllent.org/docs/api-v1/, searching messages). */
export async function mailsTo(origin: string, address: string): Promise<number> {
  const url = new URL('/api/v1/search', origin);
  url.searchParams.set('query', `to:"${address}"`);
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  if (!response.ok) throw new LabError(`Mailpit answered ${response.status} to ${url.pathname}`);
  return Found.parse(await response.json()).messages_count;
}
