// What it costs to check an access token: CPU time of the verifier that every process has, for tokens it has seen before, for those it has not, and for tokens of which
// each is checked so many times, the first among them. CPU time of the whole process, for signatures are checked in threads.
// As in a process, each check gets a header of its own: the same string again would bring the hash by which it is remembered.
// Usage: node lab/bench/token-check.ts [tokens] [rounds]     (on a quiet machine; 1,000 tokens and 7 rounds unless told)
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { ACCESS_TOKEN_TYPE, createTokenVerifier, type TokenVerifier } from '@doubleshot/shared/security';
import { figureOf } from '../src/compare/statistics.ts';

const [tokens = '1000', rounds = '7'] = process.argv.slice(2);
/** Of each token in a round. */
const CHECKS = 100;
/** As auth signs them, unless told. */
const [ALGORITHM, ISSUER, AUDIENCE, KEY_ID, MODULUS_BITS] = ['RS256', 'https://auth.doubleshot.invalid', 'doubleshot', randomUUID(), 2_048] as const;
const LIFETIME_S = 3_600;
const MS_PER_SECOND = 1_000;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: ALGORITHM, use: 'sig' };

function bearer(): string {
  const now = Math.floor(Date.now() / MS_PER_SECOND);
  const claims = { role: 'customer', sid: randomUUID(), sub: randomUUID(), iss: ISSUER, aud: AUDIENCE, iat: now, nbf: now, exp: now + LIFETIME_S, jti: randomUUID() };
  const signed = [{ alg: ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid: KEY_ID }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `Bearer ${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** CPU microseconds to check each header once. */
async function check(verifier: TokenVerifier, headers: readonly Buffer[]): Promise<number> {
  const fresh = headers.map((header) => header.toString('latin1'));
  const before = process.cpuUsage();
  for (const header of fresh) await verifier.verify(header);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** CPU microseconds for each check, with a verifier that knows its key and no token. */
async function measure(headers: readonly Buffer[]): Promise<{ first: number; remembered: number; amortised: number }> {
  const verifier = createTokenVerifier({ keys: { current: () => Promise.resolve([jwk]) }, issuer: ISSUER, audience: AUDIENCE, algorithms: [ALGORITHM] });
  await verifier.verify(bearer());
  const first = await check(verifier, headers);
  let later = 0;
  for (let times = 1; times < CHECKS; times += 1) later += await check(verifier, headers);
  return { first: first / headers.length, remembered: later / headers.length / (CHECKS - 1), amortised: (first + later) / headers.length / CHECKS };
}

const headers = Array.from({ length: Number(tokens) }, () => Buffer.from(bearer()));
// What the compiler makes of hot code has settled by then.
await measure(headers);
const measured: Awaited<ReturnType<typeof measure>>[] = [];
for (let round = 0; round < Number(rounds); round += 1) measured.push(await measure(headers));
const row = (what: string, of: (each: (typeof measured)[number]) => number): string => {
  const { median, min, max } = figureOf(measured.map(of));
  return `| ${what} | ${median.toFixed(2)} | ${min.toFixed(2)} to ${max.toFixed(2)} |`;
};
process.stdout.write(
  [
    `${tokens} tokens of ${headers[0]?.length ?? 0} characters, ${rounds} rounds`,
    '| CPU µs a check | median | least to most |',
    '|---|---|---|',
    row('remembered', ({ remembered }) => remembered),
    row('not remembered', ({ first }) => first),
    row(`amortised: ${CHECKS} checks of each token, the first among them`, ({ amortised }) => amortised),
    '',
  ].join('\n'),
);
