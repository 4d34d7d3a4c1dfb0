import { z } from 'zod';
import { API_BASE, defineOperation } from './operation.ts';
import { DisplayName, Email, Id, Role } from './values.ts';

export const User = z.object({ id: Id, email: Email, name: DisplayName, role: Role }).meta({ id: 'User' });
export type User = z.infer<typeof User>;

const Password = z.string().min(8).max(200).meta({ description: 'At least 8 characters.', format: 'password' });

export const RegisterRequest = z.strictObject({ email: Email, password: Password, name: DisplayName }).meta({ id: 'RegisterRequest' });

// Any text is accepted at log-in: the rules for new passwords must not lock out, or tell about, old ones.
export const LoginRequest = z.strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) }).meta({ id: 'LoginRequest' });

const RefreshToken = z.string().min(1).max(500);
export const RefreshRequest = z.strictObject({ refreshToken: RefreshToken }).meta({ id: 'RefreshRequest' });
export const LogoutRequest = z.strictObject({ refreshToken: RefreshToken.optional() }).meta({ id: 'LogoutRequest' });

export const TokenPair = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().meta({ description: 'Life of the access token in seconds.' }),
  })
  .meta({ id: 'TokenPair' });
export type TokenPair = z.infer<typeof TokenPair>;

/** A JSON Web Key Set (RFC 7517) with public keys alone. */
export const JsonWebKeySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).meta({ id: 'JsonWebKeySet' });

export const register = defineOperation({
  id: 'register',
  module: 'auth',
  method: 'post',
  path: `${API_BASE}/auth/register`,
  access: 'public',
  summary: 'Register as a customer',
  request: { body: RegisterRequest },
  responses: { 201: { description: 'The new user.', body: z.object({ user: User }) } },
  problems: ['email_taken'],
});

export const login = defineOperation({
  id: 'login',
  module: 'auth',
  method: 'post',
  path: `${API_BASE}/auth/login`,
  access: 'public',
  summary: 'Log in',
  request: { body: LoginRequest },
  responses: { 200: { description: 'An access token and a refresh token.', body: TokenPair } },
  problems: ['credentials_invalid'],
});

export const refresh = defineOperation({
  id: 'refresh',
  module: 'auth',
  method: 'post',
  path: `${API_BASE}/auth/refresh`,
  access: 'public',
  summary: 'Exchange a refresh token for a new pair',
  description: 'Each refresh token works once. Presenting a used one revokes every token that descends from the same log-in.',
  request: { body: RefreshRequest },
  responses: { 200: { description: 'A new pair; the old refresh token is spent.', body: TokenPair } },
  problems: ['refresh_token_invalid'],
});

export const logout = defineOperation({
  id: 'logout',
  module: 'auth',
  method: 'post',
  path: `${API_BASE}/auth/logout`,
  access: 'authenticated',
  summary: 'End this session',
  description: 'Revokes the refresh tokens of the session the access token belongs to, and of the one given in the body, if any. Access tokens live on until they expire.',
  request: { body: LogoutRequest.optional() },
  responses: { 204: { description: 'Logged out.' } },
  problems: [],
});

export const getMe = defineOperation({
  id: 'getMe',
  module: 'auth',
  method: 'get',
  path: `${API_BASE}/auth/me`,
  access: 'authenticated',
  summary: 'Who am I',
  request: {},
  responses: { 200: { description: 'The user the token was issued to.', body: z.object({ user: User }) } },
  problems: [],
});

export const getJwks = defineOperation({
  id: 'getJwks',
  module: 'auth',
  method: 'get',
  path: '/.well-known/jwks.json',
  access: 'public',
  summary: 'The public keys that verify access tokens',
  request: {},
  responses: { 200: { description: 'A JSON Web Key Set.', body: JsonWebKeySet, headers: { 'Cache-Control': 'How long the set may be kept.' } } },
  problems: [],
});
