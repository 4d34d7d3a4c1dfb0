import { createDrain } from '../drain.ts';
import type { EventLog, SubscribeOptions, TopicDeclaration } from '../event-log.ts';
import type { GivenUp, Message, Subscription } from '../message.ts';
import { refuseTooLarge } from '../message-too-large-error.ts';
import { DRAIN_DEADLINE_MS, type MessagingDeps } from '../messaging-deps.ts';
import { asReplayed } from '../replayed.ts';
import { createConfirmation, type Settle } from './confirmation.ts';
import { createConsumerGroup, type ConsumerGroup } from './consumer-group.ts';
import { copyMessage } from './copy-message.ts';
import { createParkedStore, type ParkedStore } from './parked-store.ts';
import { untilDone } from './until-done.ts';

/** Records of a topic that a group which comes later still finds. */
const RETAINED_RECORDS = 10_000;

interface Stored {
  message: Message;
  givenUp?: GivenUp;
}

interface Topic {
  name: string;
  records: Stored[];
  groups: Map<string, ConsumerGroup>;
  store: ParkedStore;
}

/**
 * The event log of a process that is alone. Parked messages are in the process's database, if it has one. The rest is not durable: `publish` resolves when
 * every group has handled (or parked) the messages, at once when there is no group, and rejects when the log closes first, so that the outbox keeps its row. The newest 10,000 records of a topic stay for groups that come later.
 */
export function createInProcessEventLog(deps: Pick<MessagingDeps, 'tracing' | 'drainDeadlineMs' | 'database'> = {}): EventLog {
  const topics = new Map<string, Topic>();
  const store = createParkedStore(deps.database);
  const subscriptions = new Set<Subscription>();
  let closed: Promise<void> | undefined;

  function topicOf(name: string): Topic {
    if (closed !== undefined) throw new Error('the event log is closed');
    const topic = topics.get(name);
    if (topic === undefined) throw new Error(`topic "${name}" was not declared`);
    return topic;
  }

  async function append(name: string, records: readonly Stored[]): Promise<void> {
    const topic = topicOf(name);
    const confirmation = createConfirmation();
    for (const record of records) {
      topic.records.push(record);
      for (const group of topic.groups.values()) hand(group, record, confirmation.part());
    }
    // Trimmed by halves, so that trimming costs little for each record.
    if (topic.records.length >= 2 * RETAINED_RECORDS) topic.records.splice(0, topic.records.length - RETAINED_RECORDS);
    await confirmation.all();
  }

  function subscribe({ group, topics: names, handler }: SubscribeOptions): Subscription {
    const member = { handler, drain: createDrain(deps.drainDeadlineMs ?? DRAIN_DEADLINE_MS) };
    const joined = names.map(topicOf).map((topic) => groupOf(topic, group));
    for (const each of joined) each.join(member);
    const subscription: Subscription = {
      close: async () => {
        for (const each of joined) each.leave(member);
        await member.drain.close();
        subscriptions.delete(subscription);
      },
    };
    subscriptions.add(subscription);
    return subscription;
  }

  /** A message that is handled this time is kept no more. */
  async function replay(name: string): Promise<number> {
    const topic = topicOf(name);
    const taken = await store.take(name);
    for (const parked of taken) {
      const settle: Settle = (how) => { if (how === 'handled') void untilDone(() => store.remove(parked), () => closed !== undefined); };
      groupOf(topic, parked.group).add(asReplayed(parked.message), settle);
    }
    return taken.length;
  }

  async function close(): Promise<void> {
    await Promise.all([...subscriptions].map((subscription) => subscription.close()));
    for (const topic of topics.values()) for (const group of topic.groups.values()) group.close();
  }

  return {
    features: { system: 'in_process', durable: false, multiProcess: false },
    tracing: deps.tracing ?? 'parent-child',
    declare: async (declarations) => {
      await store.declare();
      declareIn(topics, declarations, store);
    },
    publish: async (name, messages) => {
      refuseTooLarge(name, messages);
      await append(name, messages.map((message) => ({ message: copyMessage(message) })));
    },
    giveUp: (name, message, givenUp) => append(name, [{ message: copyMessage(message), givenUp }]),
    subscribe: (options) => asPromised(() => subscribe(options)),
    lag: () => asPromised(() => [...topics.values()].flatMap(({ name, groups }) => [...groups].map(([group, { lag }]) => ({ group, topic: name, lag: lag() })))),
    parked: (name, limit) => asPromised(() => store.list(topicOf(name).name, limit)),
    replay,
    ready: () => (closed === undefined ? Promise.resolve() : Promise.reject(new Error('the event log is closed'))),
    close: () => (closed ??= close()),
  };
}

async function asPromised<T>(work: () => T | Promise<T>): Promise<T> {
  return await Promise.resolve().then(work);
}

function declareIn(topics: Map<string, Topic>, declarations: readonly TopicDeclaration[], store: ParkedStore): void {
  for (const { name } of declarations) if (!topics.has(name)) topics.set(name, { name, records: [], groups: new Map(), store });
}

function groupOf(topic: Topic, group: string): ConsumerGroup {
  let found = topic.groups.get(group);
  if (found === undefined) {
    found = createConsumerGroup({ group, topic: topic.name, store: topic.store });
    for (const record of topic.records) hand(found, record, () => undefined);
    topic.groups.set(group, found);
  }
  return found;
}

function hand(group: ConsumerGroup, { message, givenUp }: Stored, settle: Settle): void {
  if (givenUp === undefined) group.add(message, settle);
  else group.giveUp(message, givenUp, settle);
}
