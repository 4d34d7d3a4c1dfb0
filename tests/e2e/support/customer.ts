import { randomUUID } from 'node:crypto';
import { Order, TokenPair, User } from '@doubleshot/contracts';
import { z } from 'zod';
import type { Answer } from './contract.ts';
import type { RequestOptions, ShopUnderTest } from './shop.ts';

export const API = '/api/v1';
/** Ids of the seeded menu: in the order of the first menu, for ever. */
export const ESPRESSO = drinkId(1);
export const FRENCH_PRESS = drinkId(12);

export interface Customer {
  id: string;
  email: string;
  password: string;
  token: string;
  refreshToken: string;
  request(path: string, options?: RequestOptions): Promise<Answer>;
  /** Places an order with a key of its own, unless told: one espresso, unless told. */
  place(options?: { items?: { menuItemId: string; quantity: number }[]; headers?: Record<string, string> }): Promise<Answer>;
  /** Places an order that must be accepted. */
  placed(options?: { items?: { menuItemId: string; quantity: number }[]; headers?: Record<string, string> }): Promise<Order>;
  order(id: string): Promise<Order>;
}

export function drinkId(number: number): string {
  return `019aaf00-0000-7000-8000-${number.toString().padStart(12, '0')}`;
}

/** Somebody new, registered and logged in. */
export async function newCustomer(shop: ShopUnderTest): Promise<Customer> {
  const credentials = { email: `${randomUUID()}@customers.example`, password: `password ${randomUUID()}` };
  const registered = await shop.request(`${API}/auth/register`, { method: 'POST', body: { ...credentials, name: 'Ada Lovelace' } });
  const { user } = z.object({ user: User }).parse(registered.body);
  const tokens = await logIn(shop, credentials);
  const { accessToken: token, refreshToken } = tokens;
  const request: Customer['request'] = (path, options) => shop.request(path, { token, ...options });
  const place: Customer['place'] = ({ items = [{ menuItemId: ESPRESSO, quantity: 1 }], headers } = {}) =>
    request(`${API}/orders`, { method: 'POST', body: { items }, headers: { 'idempotency-key': randomUUID(), ...headers } });
  return {
    ...credentials,
    id: user.id,
    token,
    refreshToken,
    request,
    place,
    placed: async (options) => Order.parse((await place(options)).body),
    order: async (id) => Order.parse((await request(`${API}/orders/${id}`)).body),
  };
}

export async function logIn(shop: ShopUnderTest, { email, password }: { email: string; password: string }): Promise<TokenPair> {
  return TokenPair.parse((await shop.request(`${API}/auth/login`, { method: 'POST', body: { email, password } })).body);
}

/** A problem answer in short. */
export function problemOf({ status, body }: Answer): [number, unknown] {
  return [status, (body as { code?: unknown }).code];
}
