import { expect, test } from 'vitest';
import { createRedisClient } from './redis-client.ts';

test('the address comes from the URL, and no other option does', () => {
  const { options } = createRedisClient('redis://shop:p%40ss@[::1]:7000/3?enableOfflineQueue=true&maxRetriesPerRequest=20', 'orders');
  expect(options).toMatchObject({ host: '::1', port: 7_000, username: 'shop', password: 'p@ss', db: 3, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
});

test('a plain host has the usual port and database, without credentials or TLS', () => {
  const { options } = createRedisClient('redis://cache', 'orders');
  expect(options).toMatchObject({ host: 'cache', port: 6_379, db: 0, username: null, password: null });
  expect(options.tls).toBeUndefined();
  expect(createRedisClient('rediss://cache', 'orders').options.tls).toEqual({ servername: 'cache' });
  expect(createRedisClient('rediss://[::1]', 'orders').options.tls).toEqual({});
});

test('a database that is no number is refused', () => {
  expect(() => createRedisClient('redis://cache/shop', 'orders')).toThrow('CACHE_URL: what follows the host must be the number of a database');
});

test('attempts to connect never end, and come once a second at last', () => {
  const { retryStrategy } = createRedisClient('redis://cache', 'orders').options;
  expect([1, 2, 5, 6, 10_000].map((attempt) => retryStrategy?.(attempt))).toEqual([50, 100, 800, 1_000, 1_000]);
});
