import { integerSetting, SettingsError } from '@doubleshot/shared/config';
import { TOKEN_SETTINGS } from '@doubleshot/shared/runtime';
import { z } from 'zod';

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/** Variables of this module; how tokens are marked is everybody's, and repeated here because it is this module that marks them. */
export const AUTH_SETTINGS = {
  ...TOKEN_SETTINGS,
  SIGNING_KEY_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .describe('Encrypts the private signing keys in the database. The same for every auth process; no default.'),
  SIGNING_KEY_ROTATION_SECONDS: integerSetting({ min: 1, max: 10 * YEAR_SECONDS })
    .default(30 * DAY_SECONDS)
    .describe('How long a signing key signs before the next one takes over.'),
  SIGNING_KEY_LEAD_SECONDS: integerSetting({ min: 0, max: 7 * DAY_SECONDS })
    .default(600)
    .describe('How long a new signing key is published before it signs.'),
  ACCESS_TOKEN_TTL_SECONDS: integerSetting({ min: 1, max: DAY_SECONDS }).default(900).describe('Life of an access token.'),
  REFRESH_TOKEN_TTL_SECONDS: integerSetting({ min: 1, max: YEAR_SECONDS })
    .default(30 * DAY_SECONDS)
    .describe('Life of a refresh token; each use gives a new one with a full life.'),
  REFRESH_RETRY_WINDOW_SECONDS: integerSetting({ min: 0, max: 300 })
    .default(10)
    .describe('How long a spent refresh token may be presented again while its successor is unused, for a reply that was lost; 0 is never.'),
  PASSWORD_HASH_CONCURRENCY: integerSetting({ min: 1, max: 64 })
    .default(2)
    .describe('Passwords hashed at once by one process; each takes 19 MiB and one core.'),
  PASSWORD_HASH_QUEUE_LIMIT: integerSetting({ min: 0, max: 10_000 }).default(64).describe('Passwords that may wait for their hash; beyond it 503.'),
  STAFF_EMAIL: z.email('must be an e-mail address').max(254).optional().describe('E-mail address of the first staff user; with STAFF_PASSWORD or not at all.'),
  STAFF_PASSWORD: z
    .string()
    .min(8, 'must have at least 8 characters')
    .max(200, 'must have at most 200 characters')
    .optional()
    .describe('Password of the first staff user; another value changes the password.'),
};

export type AuthSettings = z.output<z.ZodObject<typeof AUTH_SETTINGS>>;

export interface StaffCredentials {
  email: string;
  password: string;
}

/** The first staff user, if one is configured. Throws a `SettingsError` when half of it is. */
export function staffCredentials({ STAFF_EMAIL: email, STAFF_PASSWORD: password }: AuthSettings): StaffCredentials | undefined {
  if (email !== undefined && password !== undefined) return { email, password };
  if (email === undefined && password === undefined) return undefined;
  const [missing, given] = email === undefined ? ['STAFF_EMAIL', 'STAFF_PASSWORD'] : ['STAFF_PASSWORD', 'STAFF_EMAIL'];
  throw new SettingsError([{ variable: missing, fault: `is missing: ${given} is set, and the two belong together` }]);
}
