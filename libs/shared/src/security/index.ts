export { ACCESS_TOKEN_TYPE } from './access-token.ts';
export * from './keys.ts';
export * from './local-keys.ts';
export * from './principal.ts';
export * from './remote-keys.ts';
export * from './token-verifier.ts';
