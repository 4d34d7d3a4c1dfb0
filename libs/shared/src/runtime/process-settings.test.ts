import type { ModuleName } from '@doubleshot/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SettingsError } from '../config/settings-error.ts';
import type { ModuleDefinition, Need } from './module.ts';
import { readProcessSettings, selectModules } from './process-settings.ts';

function moduleOf(name: ModuleName, needs: readonly Need[], settings: z.ZodRawShape = {}): ModuleDefinition {
  return { name, needs, settings, migrations: [], create: () => { throw new Error('not to be created'); } };
}

const gateway = moduleOf('gateway', ['upstreams'], { RATE_LIMIT_PER_SECOND: z.string().default('100') });
const auth = moduleOf('auth', ['database', 'eventLog', 'taskQueue', 'tokens'], { SIGNING_KEY_SECRET: z.string() });
const orders = moduleOf('orders', ['database', 'eventLog', 'taskQueue', 'cache', 'tokens']);
const notifications = moduleOf('notifications', ['database', 'eventLog', 'taskQueue', 'mailer', 'tokens']);
const all = [notifications, auth, orders, gateway];

function missingIn(modules: readonly ModuleDefinition[], environment: Record<string, string> = {}): string[] {
  try {
    readProcessSettings(modules, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ variable }) => variable).toSorted();
    throw error;
  }
  return [];
}

test('a process is asked only for what its modules need', () => {
  expect(missingIn([gateway])).toEqual(['AUTH_URL', 'NOTIFICATIONS_URL', 'ORDERS_URL']);
  expect(missingIn([auth])).toEqual(['DATABASE_URL', 'SIGNING_KEY_SECRET']);
  expect(missingIn([orders])).toEqual(['AUTH_URL', 'DATABASE_URL']);
  expect(missingIn([orders], { JWKS_URL: 'http://auth/keys' })).toEqual(['DATABASE_URL']);
  expect(missingIn([notifications])).toEqual(['AUTH_URL', 'DATABASE_URL', 'SMTP_URL']);
  expect(missingIn([gateway, auth])).toEqual(['DATABASE_URL', 'NOTIFICATIONS_URL', 'ORDERS_URL', 'SIGNING_KEY_SECRET']);
  expect(missingIn(all)).toEqual(['DATABASE_URL', 'SIGNING_KEY_SECRET', 'SMTP_URL']);
});

test('a module finds its own settings beside the common ones', () => {
  const { all: settings, common } = readProcessSettings([gateway, auth, orders, notifications], {
    DATABASE_URL: 'postgres://h/d',
    SMTP_URL: 'smtp://h',
    SIGNING_KEY_SECRET: 's',
    PORT: '8081',
  });
  expect(settings).toMatchObject({ RATE_LIMIT_PER_SECOND: '100', SIGNING_KEY_SECRET: 's', JWT_ALGORITHMS: ['RS256'] });
  expect(common).toMatchObject({ HOST: '127.0.0.1', PORT: 8081, EVENT_LOG_URL: 'in-process:', CACHE_URL: 'memory:' });
});

test('MODULES limits a process that has several, and keeps their order', () => {
  expect(selectModules(all, {})).toEqual(all);
  expect(selectModules(all, { MODULES: 'gateway, auth' })).toEqual([auth, gateway]);
  expect(selectModules([orders], { MODULES: 'nonsense' })).toEqual([orders]);
  expect(() => selectModules(all, { MODULES: 'kitchen' })).toThrow('MODULES is wrong: must be a comma list of notifications, auth, orders, gateway, none twice (it is "kitchen")');
});
