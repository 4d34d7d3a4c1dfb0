import { expect, test } from 'vitest';
import { seal, unseal, UnsealError } from './seal.ts';

const plain = Buffer.from('a private key');

test('a sealed value opens with its secret and name', async () => {
  const sealed = await seal(plain, 'secret one', 'kid-1');
  expect(await unseal(sealed, 'secret one', 'kid-1')).toEqual(plain);
  expect(sealed.includes(plain)).toBe(false);
});

test('the same value is sealed differently each time', async () => {
  expect(await seal(plain, 'secret one', 'kid-1')).not.toEqual(await seal(plain, 'secret one', 'kid-1'));
});

test('another secret does not open it', async () => {
  const sealed = await seal(plain, 'secret one', 'kid-1');
  await expect(unseal(sealed, 'secret two', 'kid-1')).rejects.toThrow(UnsealError);
});

test('a value moved to the row of another key does not open', async () => {
  const sealed = await seal(plain, 'secret one', 'kid-1');
  await expect(unseal(sealed, 'secret one', 'kid-2')).rejects.toThrow(UnsealError);
});

test('a changed or cut value does not open', async () => {
  const sealed = await seal(plain, 'secret one', 'kid-1');
  const changed = Buffer.from(sealed);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  await expect(unseal(changed, 'secret one', 'kid-1')).rejects.toThrow(UnsealError);
  await expect(unseal(sealed.subarray(0, 20), 'secret one', 'kid-1')).rejects.toThrow(UnsealError);
});
