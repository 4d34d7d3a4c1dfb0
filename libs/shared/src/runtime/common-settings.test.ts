import { expect, test } from 'vitest';
import { describeSettings } from '../config/describe-settings.ts';
import { TELEMETRY_SETTINGS } from '../telemetry/telemetry-settings.ts';
import { COMMON_SETTINGS } from './common-settings.ts';

test('every common variable is described, and no secret or address of another process has a default', () => {
  const descriptions = describeSettings({ ...COMMON_SETTINGS, ...TELEMETRY_SETTINGS });
  expect(descriptions.length).toBeGreaterThan(30);
  expect(descriptions.filter(({ description }) => description === '')).toEqual([]);
  const required = descriptions.filter((one) => one.required).map(({ variable }) => variable);
  expect(required).toEqual(['DATABASE_URL', 'SMTP_URL', 'AUTH_URL', 'ORDERS_URL', 'NOTIFICATIONS_URL', 'JWKS_URL']);
});
