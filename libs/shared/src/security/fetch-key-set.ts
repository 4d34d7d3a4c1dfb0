import type { JWK } from 'jose';
import { request } from 'undici';
import { z } from 'zod';

const FETCH_TIMEOUT_MS = 2_000;
const LARGEST_KEY_SET_CHARACTERS = 100_000;

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** The keys of a JSON Web Key Set. Rejects when that fails or takes over 2 s. */
export async function fetchKeySet(url: string): Promise<readonly JWK[]> {
  const { statusCode, body } = await request(url, {
    headersTimeout: FETCH_TIMEOUT_MS,
    bodyTimeout: FETCH_TIMEOUT_MS,
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  if (text.length > LARGEST_KEY_SET_CHARACTERS) throw new Error(`${url} answered more than ${LARGEST_KEY_SET_CHARACTERS} characters`);
  return KeySet.parse(JSON.parse(text)).keys;
}
