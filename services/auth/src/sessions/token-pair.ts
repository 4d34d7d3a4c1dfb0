import type { TokenPair } from '@doubleshot/contracts';
import type { Reply } from '@doubleshot/shared/http';

/** The answer with a pair; nobody on the way may keep it (RFC 6749 §5.1). */
export function tokenPairReply(pair: Omit<TokenPair, 'tokenType'>): Reply {
  return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: { ...pair, tokenType: 'Bearer' } satisfies TokenPair };
}
