import { expect, test } from 'vitest';
import { hashRefreshToken, newRefreshToken, newSuccessorSeed, successorOf } from './refresh-token.ts';

test('a token is 256 random bits as text', () => {
  const tokens = Array.from({ length: 100 }, newRefreshToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a successor follows from token and seed together, from neither alone', () => {
  const [token, seed] = [newRefreshToken(), newSuccessorSeed()];
  expect(successorOf(token, seed)).toBe(successorOf(token, seed));
  expect(successorOf(token, seed)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(successorOf(token, newSuccessorSeed())).not.toBe(successorOf(token, seed));
  expect(successorOf(newRefreshToken(), seed)).not.toBe(successorOf(token, seed));
});

test('what is stored is the SHA-256 of the token', () => {
  expect(hashRefreshToken('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
