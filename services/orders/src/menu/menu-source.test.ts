import { createCache, type Cache } from '@doubleshot/shared/cache';
import { DatabaseUnavailableError, type Database } from '@doubleshot/shared/database';
import { createSilentLogger } from '@doubleshot/shared/logging';
import { Registry } from 'prom-client';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createMenuSource, type MenuSource } from './menu-source.ts';

const ITEM = '019aaf00-0000-7000-8000-000000000001';
const CACHE_MS = 1_000;

const openCache = (): Promise<Cache> => createCache('memory:', { logger: createSilentLogger(), metrics: new Registry() });

// The adapter is loaded when it is first opened and keeps the clock it finds: a faked one would stand still for every later file of this process.
beforeAll(async () => { await (await openCache()).close(); });
beforeEach(() => { vi.useFakeTimers({ toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout'] }); });
afterEach(() => { vi.useRealTimers(); });

interface Reads {
  /** How many reads of the menu have begun. */
  readonly begun: number;
  answer(read: number, priceCents: number): void;
  fail(read: number): void;
}

function rowAt(priceCents: number): object {
  return { id: ITEM, name: 'Espresso', station: 'espresso', price_cents: priceCents, brew_ms: 1, available: true, stock: 5, version: 1, updated_at: new Date(0) };
}

/** A menu whose reads from the database end when the test says so. */
async function menuWithReads(): Promise<{ menu: MenuSource; reads: Reads }> {
  const begun: PromiseWithResolvers<readonly object[]>[] = [];
  const query = (): Promise<readonly object[]> => {
    const read = Promise.withResolvers<readonly object[]>();
    begun.push(read);
    return read.promise;
  };
  const cache = await openCache();
  const menu = createMenuSource({ database: { query } as unknown as Database, cache, cacheMs: CACHE_MS });
  const reads: Reads = {
    get begun() { return begun.length; },
    answer: (read, priceCents) => { begun[read - 1]?.resolve([rowAt(priceCents)]); },
    fail: (read) => { begun[read - 1]?.reject(new DatabaseUnavailableError('frozen')); },
  };
  return { menu, reads };
}

const priceIn = async (snapshot: ReturnType<MenuSource['current']>): Promise<number | undefined> => (await snapshot).entries.get(ITEM)?.item.priceCents;

async function begun(reads: Reads, count: number): Promise<void> {
  await vi.waitFor(() => { expect(reads.begun).toBe(count); });
}

async function menuKnownAt(priceCents: number): Promise<Awaited<ReturnType<typeof menuWithReads>>> {
  const known = await menuWithReads();
  const first = known.menu.current();
  await begun(known.reads, 1);
  known.reads.answer(1, priceCents);
  await first;
  return known;
}

test('when the database is frozen, the last known menu is there at once, and one read at a time is tried, not again soon after it failed', async () => {
  const { menu, reads } = await menuKnownAt(100);
  vi.advanceTimersByTime(CACHE_MS + 1);
  expect(await Promise.all([1, 2, 3].map(() => priceIn(menu.lastKnown())))).toEqual([100, 100, 100]);
  await begun(reads, 2);
  const waiting = menu.current();
  reads.fail(2);
  expect(await priceIn(waiting)).toBe(100);
  expect([await priceIn(menu.lastKnown()), await priceIn(menu.current())]).toEqual([100, 100]);
  expect(reads.begun).toBe(2);
  vi.advanceTimersByTime(1_001);
  await menu.lastKnown();
  await begun(reads, 3);
  reads.answer(3, 200);
  await vi.waitFor(async () => { expect(await priceIn(menu.lastKnown())).toBe(200); });
});

test('a menu that is too old is not served, however the database is', async () => {
  const { menu, reads } = await menuKnownAt(100);
  vi.advanceTimersByTime(60_001);
  const waiting = menu.lastKnown();
  await begun(reads, 2);
  reads.fail(2);
  await expect(waiting).rejects.toThrow('frozen');
});

test('a read that began before a change never takes the place of the one after it, in memory or in the cache', async () => {
  const { menu, reads } = await menuKnownAt(100);
  vi.advanceTimersByTime(CACHE_MS + 1);
  const early = menu.current();
  await begun(reads, 2);
  vi.advanceTimersByTime(5);
  const changed = menu.refresh();
  await begun(reads, 3);
  reads.answer(3, 300);
  expect(await priceIn(changed)).toBe(300);
  vi.advanceTimersByTime(500);
  reads.answer(2, 100);
  expect(await priceIn(early)).toBe(300);
  vi.advanceTimersByTime(501);
  const later = menu.current();
  await begun(reads, 4);
  reads.answer(4, 400);
  expect(await priceIn(later)).toBe(400);
});
