export { authModule, createAuthModule, type AuthDeps } from './auth-module.ts';
