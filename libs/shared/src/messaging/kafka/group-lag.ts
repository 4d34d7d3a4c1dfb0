import type { Admin } from 'kafkajs';
import { READER_GROUP_PREFIX } from './partition-reader.ts';

export interface GroupLag {
  group: string;
  topic: string;
  lag: number;
}

interface Bounds {
  low: number;
  high: number;
}

/** What each group that began one of the topics has not handled of it. A member commits as soon as it has its first record, so a group is known from then on. */
export async function readGroupLag(admin: Admin, topics: readonly string[]): Promise<GroupLag[]> {
  if (topics.length === 0) return [];
  const { groups } = await admin.listGroups();
  const names = groups.filter(({ groupId, protocolType }) => protocolType === 'consumer' && !groupId.startsWith(READER_GROUP_PREFIX)).map(({ groupId }) => groupId);
  const bounds = new Map(await Promise.all(topics.map(async (topic) => [topic, await boundsOf(admin, topic)] as const)));
  const lags = await Promise.all(names.map((group) => lagOf(admin, group, bounds)));
  return lags.flat();
}

async function boundsOf(admin: Admin, topic: string): Promise<Map<number, Bounds>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
}

async function lagOf(admin: Admin, group: string, bounds: ReadonlyMap<string, ReadonlyMap<number, Bounds>>): Promise<GroupLag[]> {
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...bounds.keys()] });
  return committed.flatMap(({ topic, partitions }) => {
    if (partitions.every(({ offset }) => Number(offset) < 0)) return [];
    const lags = partitions.map(({ partition, offset }) => {
      const { low, high } = bounds.get(topic)?.get(partition) ?? { low: 0, high: 0 };
      return Math.max(high - Math.max(Number(offset), low), 0);
    });
    return [{ group, topic, lag: lags.reduce((sum, each) => sum + each, 0) }];
  });
}
