import { createHash, createHmac, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A new opaque token of 256 random bits. */
export function newRefreshToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is stored of a token. No salt or slow hash is needed: 256 random bits cannot be guessed. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** 256 random bits that make the successor of a token. */
export function newSuccessorSeed(): Buffer {
  return randomBytes(TOKEN_BYTES);
}

/** The successor of a token: neither who has the token alone nor who reads the database alone can compute it. */
export function successorOf(token: string, seed: Buffer): string {
  return createHmac('sha256', seed).update(token).digest('base64url');
}
