import type { Database } from '../../database/index.ts';
import { partitionName, type TakenPartition } from '../held-partition.ts';

/** How long a member keeps its partitions without being heard of, by the database's clock. */
const LEASE_SECONDS = 4;
/** The same, by this process's monotonic clock, counted from before the renewal was sent: so a member stops before its lease does. */
export const LEASE_MS = LEASE_SECONDS * 1_000;

/** A partition that a member may handle now. `epoch` fences it: it grows with every change of hands. */
export interface Lease extends TakenPartition {
  epoch: string;
}

/** What a member of a group knows and does about who handles which partition. */
export interface PartitionLeases {
  /** Makes the group's cursors where they are missing: a new group begins before the first record. */
  join(): Promise<void>;
  /** Says that the member lives; answers what it still holds and what its fair share is. */
  renew(): Promise<{ held: readonly { topic: string; partition: number; epoch: string }[]; share: number }>;
  /** Takes up to `count` partitions that are free or whose member was not heard of in time. */
  take(count: number): Promise<readonly Lease[]>;
  /** Gives partitions back, to be taken by others at once. */
  release(leases: readonly Pick<Lease, 'topic' | 'partition' | 'epoch'>[]): Promise<void>;
  /** Moves cursors forward; answers the partitions whose lease was still held. */
  commit(progress: readonly { lease: Lease; position: number }[]): Promise<ReadonlySet<string>>;
  /** Writes down that the record at `position` is tried alone, so that its trier's death speaks against it. */
  tryAlone(lease: Lease, position: number): Promise<void>;
  leave(): Promise<void>;
}

const SQL = {
  join: `
    INSERT INTO event_log.cursors (group_name, topic, partition)
    SELECT $1, topic, partition FROM event_log.partitions WHERE topic = ANY ($2::text[]) ON CONFLICT DO NOTHING`,
  renew: `
    WITH alive AS (
      INSERT INTO event_log.members (group_name, member) VALUES ($1, $2) ON CONFLICT (group_name, member) DO UPDATE SET seen_at = now()
    ),
    gone AS (DELETE FROM event_log.members WHERE group_name = $1 AND seen_at < now() - interval '1 minute'),
    held AS (
      UPDATE event_log.cursors SET lease_until = now() + interval '${LEASE_SECONDS} seconds'
      WHERE group_name = $1 AND topic = ANY ($3::text[]) AND owner = $2 RETURNING topic, partition, epoch
    )
    SELECT held.*,
      (SELECT count(*)::int FROM event_log.cursors WHERE group_name = $1 AND topic = ANY ($3::text[])) AS total,
      (SELECT count(*)::int FROM event_log.members WHERE group_name = $1 AND member <> $2 AND seen_at > now() - interval '${LEASE_SECONDS} seconds') AS others
    FROM (SELECT 1) AS one LEFT JOIN held ON true`,
  // An owner that let its lease run out died, as far as anybody can tell.
  take: `
    UPDATE event_log.cursors c SET owner = $2, epoch = c.epoch + 1, lease_until = now() + interval '${LEASE_SECONDS} seconds',
      deaths = CASE WHEN c.owner IS NULL OR free.last = c.position THEN 0 WHEN c.died_at = c.position THEN c.deaths + 1 ELSE 1 END,
      died_at = CASE WHEN c.owner IS NULL THEN NULL ELSE c.position END,
      suspicions = CASE WHEN c.owner IS NOT NULL AND c.trying = c.position + 1 THEN c.suspicions + 1 ELSE 0 END,
      trying = NULL
    FROM (
      SELECT f.topic, f.partition, p.last FROM event_log.cursors f JOIN event_log.partitions p USING (topic, partition)
      WHERE f.group_name = $1 AND f.topic = ANY ($3::text[]) AND (f.owner IS NULL OR f.lease_until < now())
      ORDER BY random() LIMIT $4 FOR UPDATE OF f SKIP LOCKED
    ) free
    WHERE c.group_name = $1 AND c.topic = free.topic AND c.partition = free.partition
    RETURNING c.topic, c.partition, c.epoch, c.position, c.deaths, c.suspicions`,
  release: `
    UPDATE event_log.cursors c SET owner = NULL, lease_until = NULL, deaths = 0, died_at = NULL, suspicions = 0, trying = NULL
    FROM unnest($3::text[], $4::int[], $5::bigint[]) AS l (topic, partition, epoch)
    WHERE c.group_name = $1 AND c.owner = $2 AND c.topic = l.topic AND c.partition = l.partition AND c.epoch = l.epoch`,
  commit: `
    UPDATE event_log.cursors c SET position = greatest(c.position, l.position), trying = CASE WHEN c.trying > l.position THEN c.trying END,
      -- What was suspected is handled: the next record is not guilty of it.
      suspicions = CASE WHEN l.position > c.position THEN 0 ELSE c.suspicions END
    FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bigint[]) AS l (topic, partition, epoch, position)
    WHERE c.group_name = $1 AND c.owner = $2 AND c.topic = l.topic AND c.partition = l.partition AND c.epoch = l.epoch
    RETURNING c.topic, c.partition`,
  tryAlone: `
    UPDATE event_log.cursors SET trying = $6 WHERE group_name = $1 AND owner = $2 AND topic = $3 AND partition = $4 AND epoch = $5`,
  leave: 'DELETE FROM event_log.members WHERE group_name = $1 AND member = $2',
};

export interface PartitionLeasesOptions {
  database: Database;
  group: string;
  member: string;
  topics: readonly string[];
}

export function createPartitionLeases({ database, group, member, topics }: PartitionLeasesOptions): PartitionLeases {
  const query = <Row extends object>(name: keyof typeof SQL, values: readonly unknown[]): Promise<readonly Row[]> =>
    database.query<Row>({ name: `event_log.${name}`, text: SQL[name] }, values);
  const columns = (leases: readonly Pick<Lease, 'topic' | 'partition' | 'epoch'>[]): unknown[] => [
    leases.map(({ topic }) => topic),
    leases.map(({ partition }) => partition),
    leases.map(({ epoch }) => epoch),
  ];
  return {
    join: async () => { await query('join', [group, topics]); },
    renew: async () => {
      const rows = await query<{ topic: string | null; partition: number; epoch: string; total: number; others: number }>('renew', [group, member, topics]);
      const { total = 0, others = 0 } = rows[0] ?? {};
      const held = rows.flatMap(({ topic, partition, epoch }) => (topic === null ? [] : [{ topic, partition, epoch }]));
      return { held, share: Math.ceil(total / (others + 1)) };
    },
    take: async (count) => {
      const rows = await query<Omit<Lease, 'position'> & { position: string }>('take', [group, member, topics, count]);
      return rows.map((row) => ({ ...row, position: Number(row.position) }));
    },
    release: async (leases) => { await query('release', [group, member, ...columns(leases)]); },
    commit: async (progress) => {
      const rows = await query<{ topic: string; partition: number }>('commit', [group, member, ...columns(progress.map(({ lease }) => lease)), progress.map(({ position }) => position)]);
      return new Set(rows.map(partitionName));
    },
    tryAlone: async ({ topic, partition, epoch }, position) => { await query('tryAlone', [group, member, topic, partition, epoch, position]); },
    leave: async () => { await query('leave', [group, member]); },
  };
}
