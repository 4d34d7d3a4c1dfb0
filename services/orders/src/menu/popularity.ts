import type { Cache } from '@doubleshot/shared/cache';
import { DatabaseUnavailableError, REQUEST_DEADLINE_MS, type Database } from '@doubleshot/shared/database';

export interface Score {
  member: string;
  score: number;
}

/**
 * How often each item was ordered: counted in memory, added up in the database, read from a sorted set in the cache.
 * The database decides; the sorted set is a copy that lasts ten seconds, and is made again when it is missed. A process that is killed loses what it
 * counted since its last write-back, and one whose COMMIT is never answered may lose that write-back.
 */
export interface Popularity {
  /** Counts an order. Nothing is written before the next write-back. */
  count(items: readonly { menuItemId: string; quantity: number }[]): void;
  /** Most ordered first. From the database when the sorted set is missing. */
  top(limit: number): Promise<readonly Score[]>;
  /** Adds what was counted to the database, and raises the sorted set to what the database says. */
  writeBack(): Promise<void>;
}

export interface PopularityOptions {
  database: Database;
  cache: Cache;
  /** How long the sorted set is read before it is made again; {@link COPIED_FOR_MS} unless told. */
  copiedForMs?: number;
}

const SORTED_SET = 'orders:popular';
/** How long a sorted set may lag behind: one whose raise was lost, or that of another process with a cache of its own. */
const COPIED_FOR_MS = 10_000;

// In the order of their ids, so that no two write-backs wait for each other's rows.
const ADD = `
INSERT INTO orders.menu_popularity AS p (menu_item_id, ordered)
SELECT c.id, c.quantity FROM unnest($1::uuid[], $2::bigint[]) AS c (id, quantity) ORDER BY c.id
ON CONFLICT (menu_item_id) DO UPDATE SET ordered = p.ordered + excluded.ordered`;
// Equal ones in the order of the sorted set.
const READ = 'SELECT menu_item_id AS member, ordered::float8 AS score FROM orders.menu_popularity ORDER BY ordered DESC, menu_item_id DESC';

export function createPopularity({ database, cache, copiedForMs = COPIED_FOR_MS }: PopularityOptions): Popularity {
  let counted = new Map<string, number>();
  let copying: Promise<readonly Score[]> | undefined;

  async function addUp(): Promise<readonly Score[]> {
    const batch = counted;
    let mayBeCommitted = false;
    counted = new Map();
    try {
      return await database.transaction(async (transaction) => {
        if (batch.size > 0) await transaction.query(ADD, [[...batch.keys()], [...batch.values()]]);
        const totals = await transaction.query<Score>(READ);
        mayBeCommitted = true;
        return totals;
      }, { deadlineMs: REQUEST_DEADLINE_MS });
    } catch (error) {
      // When the answer to COMMIT is lost, what was counted may be in the database: rather lose it than count it twice.
      if (mayBeCommitted && error instanceof DatabaseUnavailableError) throw error;
      for (const [id, quantity] of batch) add(counted, id, quantity);
      throw error;
    }
  }

  // Totals only grow, and only committed ones are copied: a copy that comes late, twice or after a newer one does no harm.
  async function copy(): Promise<readonly Score[]> {
    const totals = await addUp();
    await cache.raiseScores(SORTED_SET, new Map(totals.map(({ member, score }) => [member, score])), copiedForMs);
    return totals;
  }

  const copyOnce = (): Promise<readonly Score[]> => (copying ??= copy().finally(() => { copying = undefined; }));

  return {
    count: (items) => {
      for (const { menuItemId, quantity } of items) add(counted, menuItemId, quantity);
    },
    top: async (limit) => (await cache.topScores(SORTED_SET, limit)) ?? (await copyOnce()).slice(0, limit),
    writeBack: async () => {
      // One that runs may have begun before the last order was counted.
      await copying?.catch(() => undefined);
      if (counted.size > 0) await copyOnce();
    },
  };
}

function add(counts: Map<string, number>, id: string, quantity: number): void {
  counts.set(id, (counts.get(id) ?? 0) + quantity);
}
