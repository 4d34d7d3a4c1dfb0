import { parseSettings } from '@doubleshot/shared/config';
import { expect, test } from 'vitest';
import { AUTH_SETTINGS, staffCredentials } from './settings.ts';

const secret = { SIGNING_KEY_SECRET: 'a secret for tests only' };

test('only the secret has to be given', () => {
  expect(parseSettings(AUTH_SETTINGS, secret)).toMatchObject({
    JWT_ALGORITHMS: ['RS256'],
    ACCESS_TOKEN_TTL_SECONDS: 900,
    REFRESH_TOKEN_TTL_SECONDS: 2_592_000,
    REFRESH_RETRY_WINDOW_SECONDS: 10,
  });
});

test('a missing or short secret is named, and its value is not repeated', () => {
  expect(() => parseSettings(AUTH_SETTINGS, {})).toThrow('SIGNING_KEY_SECRET is missing');
  expect(() => parseSettings(AUTH_SETTINGS, { SIGNING_KEY_SECRET: 'too short' })).toThrow(/^SIGNING_KEY_SECRET is wrong: must have at least 16 characters$/);
});

test('a staff user is both an address and a password, or neither', () => {
  const both = { STAFF_EMAIL: 'staff@example.com', STAFF_PASSWORD: 'espresso-01' };
  expect(staffCredentials(parseSettings(AUTH_SETTINGS, secret))).toBeUndefined();
  expect(staffCredentials(parseSettings(AUTH_SETTINGS, { ...secret, ...both }))).toEqual({ email: 'staff@example.com', password: 'espresso-01' });
  const half = (given: string) => () => staffCredentials(parseSettings(AUTH_SETTINGS, { ...secret, ...both, [given]: '' }));
  expect(half('STAFF_PASSWORD')).toThrow('STAFF_PASSWORD is missing: STAFF_EMAIL is set');
  expect(half('STAFF_EMAIL')).toThrow('STAFF_EMAIL is missing: STAFF_PASSWORD is set');
});
