import { integerSetting, numberSetting } from '@doubleshot/shared/config';
import type { z } from 'zod';

/** Variables of this module. */
export const ORDERS_SETTINGS = {
  BREW_TIME_SCALE: numberSetting({ min: 0, max: 100 }).default(1).describe('Stretches brewing time; 0 removes it.'),
  BREW_CONCURRENCY: integerSetting({ min: 1, max: 1_000 }).default(20).describe('Orders one process brews at once at each station.'),
  MENU_CACHE_MS: integerSetting({ min: 0, max: 60_000 }).default(1_000).describe('How long the menu is served from memory, in milliseconds.'),
  MENU_STOCK: integerSetting({ min: 0, max: 1_000_000 }).default(1_000_000).describe('Stock of each drink when the menu is first written.'),
  PLACE_ORDER_CONCURRENCY: integerSetting({ min: 1, max: 200 }).default(8).describe('Orders one process places or cancels in the database at once; more wait for their turn.'),
  IDEMPOTENCY_KEY_TTL_SECONDS: integerSetting({ min: 60, max: 2_592_000 }).default(86_400).describe('How long an Idempotency-Key is remembered.'),
};

export type OrdersSettings = z.output<z.ZodObject<typeof ORDERS_SETTINGS>>;
