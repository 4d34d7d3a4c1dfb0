import type { Cache } from '@doubleshot/shared/cache';
import { DatabaseUnavailableError, type Database } from '@doubleshot/shared/database';
import { readMenu, type MenuEntry } from './menu-repository.ts';
import { snapshotOf, type MenuSnapshot } from './menu-snapshot.ts';

/** The menu, from memory. Several calls that find it too old share one read. */
export interface MenuSource {
  /** At most `cacheMs` old; while the database is away, the last one known for a while. */
  current(): Promise<MenuSnapshot>;
  /** The last one known, at once, while a newer one is read in the background: for somebody whose statement checks what it is based on. */
  lastKnown(): Promise<MenuSnapshot>;
  /** Read from the database now, for somebody who knows that the one in memory is outdated. */
  refresh(): Promise<MenuSnapshot>;
}

export interface MenuSourceOptions {
  database: Database;
  cache: Cache;
  cacheMs: number;
}

interface ReadMenu {
  /** When the read began: what was committed before is in it. */
  readAtMs: number;
  entries: readonly MenuEntry[];
}

type KeptMenu = Pick<ReadMenu, 'readAtMs'> & { snapshot: MenuSnapshot };

// The number is the version of the form of the text.
const CACHE_KEY = 'orders:menu:2';
/** How long an outdated menu is better than none. */
const STALE_WHILE_DOWN_MS = 60_000;
/** After a failed read, how long nobody waits for another one. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

export function createMenuSource({ database, cache, cacheMs }: MenuSourceOptions): MenuSource {
  let kept: KeptMenu | undefined;
  let loading: Promise<MenuSnapshot> | undefined;
  let failedAtMs = -Infinity;

  async function readText(): Promise<string> {
    const readAtMs = nowMs();
    return JSON.stringify({ readAtMs, entries: await readMenu(database) } satisfies ReadMenu);
  }

  // A read that began earlier never takes the place of a later one, whichever ends first. A time ahead of ours comes from a clock that was set back.
  function keep(text: string): KeptMenu {
    const { readAtMs, entries } = JSON.parse(text) as ReadMenu;
    if (kept === undefined || readAtMs >= kept.readAtMs || ageMs(kept) < 0) kept = { snapshot: snapshotOf(entries), readAtMs };
    return kept;
  }

  async function load(): Promise<MenuSnapshot> {
    if (cacheMs === 0) return refresh();
    let isReadHere = false;
    const text = await cache.remember(CACHE_KEY, cacheMs, () => {
      isReadHere = true;
      return readText();
    });
    const newest = keep(text);
    return isReadHere || isFresh(newest) ? newest.snapshot : refresh();
  }

  async function loadOrFallBack(): Promise<MenuSnapshot> {
    try {
      return await load();
    } catch (error) {
      failedAtMs = performance.now();
      const last = usable();
      if (!(error instanceof DatabaseUnavailableError) || last === undefined) throw error;
      return last;
    }
  }

  async function refresh(): Promise<MenuSnapshot> {
    const text = await readText();
    if (cacheMs > 0) await cache.set(CACHE_KEY, text, cacheMs);
    return keep(text).snapshot;
  }

  const loadOnce = (): Promise<MenuSnapshot> => (loading ??= loadOrFallBack().finally(() => { loading = undefined; }));
  const isFresh = (menu: KeptMenu): boolean => ageMs(menu) >= 0 && ageMs(menu) < cacheMs;
  const usable = (): MenuSnapshot | undefined => (kept !== undefined && ageMs(kept) <= STALE_WHILE_DOWN_MS ? kept.snapshot : undefined);
  const hasJustFailed = (): boolean => performance.now() - failedAtMs < PAUSE_AFTER_FAILURE_MS;

  async function current(): Promise<MenuSnapshot> {
    if (kept !== undefined && isFresh(kept)) return kept.snapshot;
    const last = usable();
    return last !== undefined && hasJustFailed() ? last : loadOnce();
  }

  async function lastKnown(): Promise<MenuSnapshot> {
    const last = usable();
    if (last === undefined || cacheMs === 0) return current();
    // Who needs the outcome of this read asks for it again.
    current().catch(() => undefined);
    return last;
  }

  return { current, lastKnown, refresh };
}

function ageMs({ readAtMs }: { readAtMs: number }): number {
  return nowMs() - readAtMs;
}

/** Comparable between processes, and finer than a millisecond. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
