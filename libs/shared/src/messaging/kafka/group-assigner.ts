import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const NAME = 'doubleshot';
/** Of the consumer protocol: brokers read it, too. */
const VERSION = 0;

/**
 * Deals the partitions of each topic to the members that subscribe to it, in turn. The assigner of kafkajs deals the leader's topics to everybody, so that members of one
 * group with different topics, as during an update that adds one, would lose some.
 *
 * `onJoining` is called before each time a member joins: it may throw to put that off.
 */
export function createGroupAssigner(onJoining: () => void): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => {
      onJoining();
      return { name: NAME, metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.alloc(0) }) };
    },
    assign: async ({ members }) => {
      const subscribers = subscribersByTopic(members);
      await cluster.addMultipleTargetTopics([...subscribers.keys()]);
      const partitions = new Map([...subscribers.keys()].map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]));
      return [...dealPartitions(subscribers, partitions)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
      }));
    },
  });
}

function subscribersByTopic(members: readonly { memberId: string; memberMetadata: Buffer }[]): Map<string, string[]> {
  const subscribers = new Map<string, string[]>();
  for (const { memberId, memberMetadata } of members) {
    for (const topic of AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? []) subscribers.set(topic, [...(subscribers.get(topic) ?? []), memberId]);
  }
  return subscribers;
}

/** Goes on dealing where the topic before ended, so that topics of one partition do not all go to the first member. */
export function dealPartitions(subscribers: ReadonlyMap<string, readonly string[]>, partitions: ReadonlyMap<string, readonly number[]>): Map<string, Record<string, number[]>> {
  const dealt = new Map<string, Record<string, number[]>>();
  let turn = 0;
  for (const topic of [...subscribers.keys()].sort()) {
    const members = (subscribers.get(topic) ?? []).toSorted();
    for (const partition of (partitions.get(topic) ?? []).toSorted((one, other) => one - other)) {
      const member = members[turn++ % members.length] ?? '';
      const own = dealt.get(member) ?? {};
      own[topic] = [...(own[topic] ?? []), partition];
      dealt.set(member, own);
    }
  }
  return dealt;
}
