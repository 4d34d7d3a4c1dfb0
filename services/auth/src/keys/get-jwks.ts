import type { getJwks } from '@doubleshot/contracts';
import type { Handler } from '@doubleshot/shared/http';
import type { SigningKeys } from './signing-keys.ts';

const LONGEST_KEPT_SECONDS = 300;

/** The public keys. They may be kept no longer than a new key is published before it signs. */
export function createGetJwks(keys: SigningKeys, leadSeconds: number): Handler<typeof getJwks> {
  const headers = { 'Cache-Control': `public, max-age=${Math.min(LONGEST_KEPT_SECONDS, leadSeconds)}` };
  return async () => ({ status: 200, headers, body: { keys: await keys.published() } });
}
