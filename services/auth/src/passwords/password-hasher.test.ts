import { hash } from '@node-rs/argon2';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

const hasher = (): ReturnType<typeof createPasswordHasher> => createPasswordHasher({ concurrency: 1, queueLimit: 10, metrics: new Registry() });

test('a hash is argon2id with 19 MiB, two passes, one lane, and matches its password alone', async () => {
  const passwords = hasher();
  const encoded = await passwords.hash('correct horse');
  expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.matches('correct horse', encoded)).toBe(true);
  expect(await passwords.matches('correct house', encoded)).toBe(false);
});

test('a password matches however its characters are composed', async () => {
  const passwords = hasher();
  const encoded = await passwords.hash('caf\u00e9 au lait');
  expect(await passwords.matches('cafe\u0301 au lait', encoded)).toBe(true);
});

test('nothing matches without a hash', async () => {
  expect(await hasher().matches('correct horse', undefined)).toBe(false);
});

test('a hash with other parameters is outdated', async () => {
  const passwords = hasher();
  expect(passwords.isOutdated(await passwords.hash('correct horse'))).toBe(false);
  expect(passwords.isOutdated(await hash('correct horse', { memoryCost: 8_192, timeCost: 2, parallelism: 1 }))).toBe(true);
});
