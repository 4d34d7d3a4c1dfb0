import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Environment } from './environment.ts';
import { parseSettings } from './parse-settings.ts';
import { integerSetting, listSetting, numberSetting, originSetting, urlSetting } from './setting-schemas.ts';
import { SettingsError } from './settings-error.ts';

const SHAPE = {
  PORT: integerSetting({ min: 0, max: 65_535 }),
  LEVEL: z.enum(['low', 'high']).default('low'),
  DATABASE_URL: urlSetting('postgres'),
  SIGNING_SECRET: z.string().min(16),
};
const RIGHT = { PORT: '8081', DATABASE_URL: 'postgres://u:p@h/d', SIGNING_SECRET: 'sixteen characters' };

function faultsOf(environment: Environment): string[] {
  try {
    parseSettings(SHAPE, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('right variables come out typed, with defaults', () => {
  expect(parseSettings(SHAPE, { ...RIGHT, OTHER: 'x' })).toEqual({ ...RIGHT, PORT: 8081, LEVEL: 'low' });
});

test('every wrong variable is named at once, with what is wrong', () => {
  expect(faultsOf({ PORT: '70000', LEVEL: 'middle', DATABASE_URL: 'mysql://h/d' })).toEqual([
    'PORT is wrong: must be a whole number from 0 to 65535 (it is "70000")',
    expect.stringMatching(/^LEVEL is wrong: .*\(it is "middle"\)$/),
    'DATABASE_URL is wrong: must be a URL that begins with postgres://host',
    'SIGNING_SECRET is missing',
  ]);
});

test('the empty string counts as missing', () => {
  expect(faultsOf({ ...RIGHT, PORT: '', LEVEL: '' })).toEqual(['PORT is missing']);
});

test('the value of a secret or of a URL with credentials is never repeated', () => {
  const message = faultsOf({ ...RIGHT, SIGNING_SECRET: 'hunter2', DATABASE_URL: 'mysql://u:hunter2@h' }).join();
  expect(message).toMatch(/SIGNING_SECRET is wrong/);
  expect(message).not.toContain('hunter2');
});

test('NAME_FILE names a file that holds the value, without its last line break', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'));
  try {
    await writeFile(join(folder, 'secret'), 'from a mounted file\n');
    const { SIGNING_SECRET, ...others } = RIGHT;
    expect(parseSettings(SHAPE, { ...others, SIGNING_SECRET_FILE: join(folder, 'secret') }).SIGNING_SECRET).toBe('from a mounted file');
    expect(faultsOf({ ...others, SIGNING_SECRET, SIGNING_SECRET_FILE: join(folder, 'secret') })).toEqual([
      'SIGNING_SECRET is given twice: as SIGNING_SECRET and as SIGNING_SECRET_FILE',
    ]);
    expect(faultsOf({ ...others, SIGNING_SECRET_FILE: join(folder, 'none') })).toEqual([expect.stringMatching(/^SIGNING_SECRET_FILE points at .* \(ENOENT\)$/)]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a whole number is nothing but digits within its limits', () => {
  const schema = integerSetting({ min: -1, max: 10 });
  for (const text of ['', ' 1', '1.0', '1e1', '0x1', 'one', '-2', '11', 'Infinity']) expect(schema.safeParse(text).success, text).toBe(false);
  expect(['-1', '0', '10'].map((text) => schema.parse(text))).toEqual([-1, 0, 10]);
});

test('a number is written in decimals within its limits', () => {
  const schema = numberSetting({ min: 0, max: 100 });
  for (const text of ['', ' ', ' 1', '1e1', '0x10', 'abc', '.5', '1.', '-1', '100.1', 'Infinity', 'NaN']) expect(schema.safeParse(text).success, text).toBe(false);
  expect(['0', '0.05', '100'].map((text) => schema.parse(text))).toEqual([0, 0.05, 100]);
  expect(schema.safeParse('abc').error?.issues.map(({ message }) => message)).toEqual(['must be a number from 0 to 100, like 0.5']);
});

test('a URL is whole and has a host, unless it is of the process itself', () => {
  const schema = urlSetting('postgres', 'smtp', 'https', 'in-process');
  for (const text of ['', 'postgres://[bad', 'postgres:', 'postgres:///d', 'smtp:', 'smtp://', 'https://', 'memory:', 'in-process']) expect(schema.safeParse(text).success, text).toBe(false);
  for (const text of ['postgres://u:p@h:5432/d', 'smtp://h', 'https://h/keys', 'in-process:']) expect(schema.parse(text)).toBe(text);
});

test('a URL of a cluster names any number of hosts, and a user with TLS or without', () => {
  const schema = urlSetting('kafka', 'kafka+ssl');
  for (const text of ['kafka:', 'kafka://', 'kafka:a:1', 'kafka://a,,b', 'kafka://a:1,', 'kafka://a:1,b:port', 'kafka://u:p@a:1', 'kafka://a:1/topic', 'kafka://a:1?x', 'kafka+ssl://']) expect(schema.safeParse(text).success, text).toBe(false);
  for (const text of ['kafka://a', 'kafka://a:1,b:2,[::1]:3', 'kafka+ssl://a:1,b', 'kafka+ssl://u:p@a:1?sasl_mechanism=PLAIN']) expect(schema.parse(text)).toBe(text);
  expect(urlSetting('kafka').safeParse('kafka+ssl://a').success).toBe(false);
});

test('a list holds known values, none twice', () => {
  const schema = listSetting(['auth', 'orders']);
  expect(schema.parse('orders, auth')).toEqual(['orders', 'auth']);
  for (const text of ['orders,orders', 'kitchen', 'auth,']) expect(schema.safeParse(text).success, text).toBe(false);
});

test('an origin has no path, query or credentials', () => {
  expect(originSetting().parse('http://auth:8081/')).toBe('http://auth:8081');
  for (const text of ['auth:8081', 'http://auth/api', 'http://u@auth', 'http://auth?x', 'ftp://auth']) expect(originSetting().safeParse(text).success, text).toBe(false);
});
