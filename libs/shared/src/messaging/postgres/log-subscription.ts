import type { Logger } from 'pino';
import { passStep } from '../../telemetry/steps.ts';
import { createDrain } from '../drain.ts';
import type { SubscribeOptions } from '../event-log.ts';
import { createHeldPartition, partitionName, type HeldPartition } from '../held-partition.ts';
import { createKeyedLanes } from '../keyed-lanes.ts';
import type { Subscription } from '../message.ts';
import { createRecordTaker } from '../record-taker.ts';
import type { ReadRecords } from './event-log-reader.ts';
import { startPacedLoop } from './paced-loop.ts';
import type { ParkedEvents } from './parked-events.ts';
import { LEASE_MS, type Lease, type PartitionLeases } from './partition-leases.ts';
import type { WakeBus } from './wake-bus.ts';

/** Messages of different keys that one subscription handles at once. */
const CONCURRENCY = 16;
const RENEW_EVERY_MS = 1_000;
const SHORTEST_POLL_MS = 5;
/** A poll stands behind the wake; without the wake it is all there is. */
const LONGEST_POLL_MS = 500;
const LONGEST_POLL_UNWOKEN_MS = 50;
/** Cursor moves wait this long for company. */
const COMMIT_EVERY_MS = 10;

export interface LogSubscriptionOptions extends SubscribeOptions {
  leases: PartitionLeases;
  read: ReadRecords;
  parked: ParkedEvents;
  bus: WakeBus;
  logger: Logger;
  drainDeadlineMs: number;
}

/** One member of a group: takes its share of partitions, handles their records in order per key, and moves their cursors. */
export async function startLogSubscription(options: LogSubscriptionOptions): Promise<Subscription> {
  const { group, topics, handler, leases, read, parked, bus, logger } = options;
  const drain = createDrain(options.drainDeadlineMs);
  const lanes = createKeyedLanes({ concurrency: CONCURRENCY, handler, drain });
  const held = new Map<string, HeldPartition<Lease>>();
  const replaying = new Set<string>();
  let renewedAtMs = -Infinity;
  let replayAsked = true;
  let committing: NodeJS.Timeout | undefined;

  // By the monotonic clock: a process that was frozen finds its lease over before it does anything with it.
  const leaseHolds = (): boolean => performance.now() - renewedAtMs < LEASE_MS;
  const take = createRecordTaker<HeldPartition<Lease>>({
    group,
    lanes,
    inTouch: leaseHolds,
    park: ({ topic: source, partition, message }, attempts, reason) => parked.park({ message, source, group, attempts, reason, partition }),
    tryAlone: ({ lease }, position) => leases.tryAlone(lease, position),
    commit,
    commitSoon,
    lose,
  });

  async function renew(): Promise<boolean> {
    const sentAtMs = performance.now();
    const { held: confirmed, share } = await leases.renew();
    // Records dropped while the lease was over are read again only by who takes the partition anew.
    if (!leaseHolds()) [...held.values()].forEach(lose);
    renewedAtMs = sentAtMs;
    const stillOurs = new Map(confirmed.map((each) => [partitionName(each), each.epoch]));
    for (const partition of held.values()) if (stillOurs.get(partition.name) !== partition.lease.epoch) lose(partition);
    const ownedUnread = confirmed.filter((each) => held.get(partitionName(each))?.lease.epoch !== each.epoch);
    if (ownedUnread.length > 0) await leases.release(ownedUnread);
    if (held.size < share) for (const lease of await leases.take(share - held.size)) hold(createHeldPartition(lease));
    else if (held.size > share) for (const each of [...held.values()].slice(share)) each.leaving = true;
    await giveBack();
    replayAsked = true;
    reading.wake();
    return false;
  }

  function hold(partition: HeldPartition<Lease>): void {
    const before = held.get(partition.name);
    if (before !== undefined) lose(before);
    held.set(partition.name, partition);
    if (partition.lease.deaths > 0) logger.warn({ group, partition: partition.name, deaths: partition.lease.deaths }, 'took over a partition whose consumer died');
  }

  function lose(partition: HeldPartition<Lease>): void {
    partition.live = false;
    if (held.get(partition.name) === partition) held.delete(partition.name);
  }

  async function giveBack(): Promise<void> {
    const idle = [...held.values()].filter((partition) => partition.leaving && !partition.busy());
    if (idle.length === 0) return;
    idle.forEach(lose);
    await leases.release(idle.map(({ lease }) => lease));
    bus.wake(membershipOf(group));
  }

  async function readOn(): Promise<boolean> {
    if (!leaseHolds()) return false;
    if (replayAsked) await readReplays();
    const askedFor = new Map(held);
    const from = [...held.values()].flatMap(({ leaving, lease, nextRead }) => {
      const next = leaving ? undefined : nextRead();
      return next === undefined ? [] : [{ topic: lease.topic, partition: lease.partition, ...next }];
    });
    if (from.length === 0) return false;
    const records = await read(from);
    // A partition that was lost and taken anew meanwhile begins at its cursor, not behind what was asked for before.
    for (const record of records) {
      const partition = held.get(partitionName(record));
      if (partition !== undefined && partition === askedFor.get(partition.name)) take(record, partition);
    }
    return records.length > 0;
  }

  async function readReplays(): Promise<void> {
    replayAsked = false;
    for (const { id, topic, partition: number, message } of await parked.toReplay(group, [...held.values()].map(({ lease }) => lease))) {
      const partition = held.get(partitionName({ topic, partition: number }));
      if (partition === undefined || replaying.has(id)) continue;
      replaying.add(id);
      lanes.add({
        lane: `${partition.name}/${message.key}`,
        delivery: { message, source: topic, group },
        attempt: 1,
        live: () => {
          const live = partition.live && leaseHolds();
          if (!live) replaying.delete(id);
          return live;
        },
        settle: async (outcome, attempts) => {
          await (outcome.kind === 'park' ? parked.parkAgain(id, attempts, outcome.reason) : parked.remove(id));
          replaying.delete(id);
        },
      });
    }
  }

  function commitSoon(): void {
    committing ??= setTimeout(() => {
      committing = undefined;
      commit().catch((error: unknown) => {
        logger.warn({ err: error, group }, 'cursors were not moved, it is tried again');
        commitSoon();
      });
    }, COMMIT_EVERY_MS);
  }

  async function commit(): Promise<void> {
    const progress = [...held.values()].flatMap((partition) => {
      const position = partition.toCommit();
      return position === undefined ? [] : [{ partition, lease: partition.lease, position }];
    });
    if (progress.length === 0) return;
    for (const { lease } of progress) passStep('before offset commit of', lease.topic);
    const confirmed = await leases.commit(progress);
    for (const { lease } of progress) passStep('after offset commit of', lease.topic);
    for (const { partition, position } of progress) {
      if (confirmed.has(partition.name)) partition.committed(position);
      else lose(partition);
    }
    await giveBack();
    reading.wake();
  }

  const onError = (error: unknown): void => { logger.warn({ err: error, group }, 'the event log cannot be read now'); };
  await leases.join();
  const reading = startPacedLoop({
    turn: readOn,
    shortestMs: SHORTEST_POLL_MS,
    longestMs: () => (bus.connected() ? LONGEST_POLL_MS : LONGEST_POLL_UNWOKEN_MS),
    onError,
  });
  await renew().catch(onError);
  const renewing = startPacedLoop({ turn: renew, shortestMs: RENEW_EVERY_MS, longestMs: () => RENEW_EVERY_MS, onError });
  const onReplay = (): void => {
    replayAsked = true;
    reading.wake();
  };
  const unsubscribes = await Promise.all([
    ...topics.map((topic) => bus.subscribe(topic, reading.wake)),
    bus.subscribe(replayOf(group), onReplay),
    bus.subscribe(membershipOf(group), renewing.wake),
  ]);
  bus.wake(membershipOf(group));

  async function close(): Promise<void> {
    for (const unsubscribe of unsubscribes) unsubscribe();
    await reading.stop();
    await drain.close();
    await renewing.stop();
    lanes.clear();
    clearTimeout(committing);
    try {
      await commit();
      const leases_ = [...held.values()].map(({ lease }) => lease);
      [...held.values()].forEach(lose);
      await leases.release(leases_);
      await leases.leave();
      bus.wake(membershipOf(group));
    } catch (error) {
      logger.warn({ err: error, group }, 'partitions were not given back; they move when their lease is over');
    }
  }

  let closed: Promise<void> | undefined;
  return { close: () => (closed ??= close()) };
}

/** Wake name: members came or went. */
function membershipOf(group: string): string {
  return `members:${group}`;
}

/** Wake name: parked records of a group are to be handled again. */
export function replayOf(group: string): string {
  return `replay:${group}`;
}
