import type { Cache } from '@doubleshot/shared/cache';
import { DatabaseUnavailableError, REQUEST_DEADLINE_MS, type Database } from '@doubleshot/shared/database';

export interface Score {
  member: string;
  score: number;
}

/**
 * How often each item was ordered: counted in memory, added up in the database, read from a sorted set in the cache.
 * The database decides. A process that is killed loses what it counted since its last write-back,
 * and one whose COMMIT is never answered may lose that write-back.
 */
export interface Popularity {
  /** Counts an order. Nothing is written before the next write-back. */
  count(items: readonly { menuItemId: string; quantity: number }[]): void;
  /** Most ordered first. Rebuilds the sorted set when it is missing. */
  top(limit: number): Promise<readonly Score[]>;
  /** Adds what was counted to the database, and brings the sorted set to what the database says. */
  writeBack(): Promise<void>;
}

const SORTED_SET = 'orders:popular';
const MOST_MEMBERS = 1_000;

// Two write-backs at once would both see the sorted set as it was and correct it twice.
const ONE_AT_A_TIME = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';
const ADD = `
INSERT INTO orders.menu_popularity AS p (menu_item_id, ordered)
SELECT c.id, c.quantity FROM unnest($1::uuid[], $2::bigint[]) AS c (id, quantity)
ON CONFLICT (menu_item_id) DO UPDATE SET ordered = p.ordered + excluded.ordered`;
const READ = 'SELECT menu_item_id AS member, ordered::float8 AS score FROM orders.menu_popularity ORDER BY ordered DESC, menu_item_id';

export function createPopularity({ database, cache }: { database: Database; cache: Cache }): Popularity {
  let counted = new Map<string, number>();
  let reconciling: Promise<readonly Score[]> | undefined;

  async function reconcile(): Promise<readonly Score[]> {
    const batch = counted;
    let mayBeCommitted = false;
    counted = new Map();
    try {
      return await database.transaction(async (transaction) => {
        await transaction.query(ONE_AT_A_TIME, [SORTED_SET]);
        if (batch.size > 0) await transaction.query(ADD, [[...batch.keys()], [...batch.values()]]);
        const totals = await transaction.query<Score>(READ);
        await correct(cache, totals);
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

  const reconcileOnce = (): Promise<readonly Score[]> => (reconciling ??= reconcile().finally(() => { reconciling = undefined; }));

  return {
    count: (items) => {
      for (const { menuItemId, quantity } of items) add(counted, menuItemId, quantity);
    },
    top: async (limit) => (await cache.topScores(SORTED_SET, limit)) ?? (await reconcileOnce()).slice(0, limit),
    writeBack: async () => {
      if (counted.size > 0) await reconcileOnce();
    },
  };
}

function add(counts: Map<string, number>, id: string, quantity: number): void {
  counts.set(id, (counts.get(id) ?? 0) + quantity);
}

async function correct(cache: Cache, totals: readonly Score[]): Promise<void> {
  const known = new Map((await cache.topScores(SORTED_SET, MOST_MEMBERS))?.map(({ member, score }) => [member, score]));
  const missing = totals.map(({ member, score }) => [member, score - (known.get(member) ?? 0)] as const).filter(([, delta]) => delta !== 0);
  if (missing.length > 0) await cache.addScores(SORTED_SET, new Map(missing));
}
