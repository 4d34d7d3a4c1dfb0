import type { Consumer, EachBatchHandler } from 'kafkajs';
import { createConsumerSession, type ConsumerSession, type SessionOptions } from './consumer-session.ts';
import { createGroupAssigner } from './group-assigner.ts';
import type { OpenKafkaClient } from './kafka-client.ts';
import { createSignsOfLife } from './signs-of-life.ts';
import { within } from '../within.ts';

/** How long a member that says nothing keeps its partitions; the shortest that brokers allow. */
const SESSION_TIMEOUT_MS = 6_000;
const HEARTBEAT_EVERY_MS = 1_500;
/** By its own clock a member stops before the broker gives its partitions to another. */
const OUT_OF_TOUCH_MS = SESSION_TIMEOUT_MS - 500;
/** How long a rebalance waits for a member. */
const REBALANCE_TIMEOUT_MS = 10_000;
/** How long a member that must join again waits for handlers that run. Well below the session timeout. */
export const HAND_OVER_MS = 3_000;
const FETCH_WAIT_MS = 500;
/** About one window of records. */
const FETCH_BYTES = 400_000;
const PARTITIONS_AT_ONCE = 16;
const JOIN_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 3_000;
/** kafkajs can hang without a word: a consumer that shows no life for so long is given up. */
const SILENT_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

const CONSUMER_CONFIG = {
  sessionTimeout: SESSION_TIMEOUT_MS,
  heartbeatInterval: HEARTBEAT_EVERY_MS,
  rebalanceTimeout: REBALANCE_TIMEOUT_MS,
  maxWaitTimeInMs: FETCH_WAIT_MS,
  maxBytesPerPartition: FETCH_BYTES,
  allowAutoTopicCreation: false,
  // More tries than the hand-over of a member may need; what fails after them is made anew by us alone.
  retry: { initialRetryTime: 100, maxRetryTime: 400, factor: 0.2, multiplier: 1.5, retries: 20, restartOnFailure: () => Promise.resolve(false) },
};

export interface GroupConsumerOptions extends SessionOptions {
  topics: readonly string[];
  openClient: OpenKafkaClient;
  /** Ends the wait for a group that cannot be joined yet. */
  signal: AbortSignal;
}

/** A member of a consumer group, until it fails. It is not used after that: another is made. */
export interface GroupConsumer {
  /** Resolves with the reason when it consumes no more, for whatever reason but `close`. */
  readonly failed: Promise<Error>;
  /** Lets handlers that run finish, commits, leaves the group. Bounded, idempotent; works when it failed. */
  close(drainMs: number): Promise<void>;
}

/** Resolves when the member has joined its group; rejects within 30 s. */
export async function startGroupConsumer(options: GroupConsumerOptions): Promise<GroupConsumer> {
  const { group, topics, signal } = options;
  signal.throwIfAborted();
  const client = options.openClient();
  const signs = createSignsOfLife();
  const failure = Promise.withResolvers<Error>();
  const fail = (reason: string): void => { failure.resolve(new Error(reason)); };
  const membership = { inTouch: () => signs.msSinceTouched() < OUT_OF_TOUCH_MS, onLost: (partition: string) => { fail(`"${partition}" cannot be gone on with`); } };
  let session: ConsumerSession | undefined;
  let closed: Promise<void> | undefined;

  /** Nobody else gets a partition while we handle its records, within bounds: the join is put off, which kafkajs takes for another rebalance and tries again. */
  function handOver(): void {
    signs.alive();
    if (session === undefined || session.ended()) return;
    void session.end(HAND_OVER_MS);
    throw Object.assign(new Error('handlers of the last assignment still run'), { type: 'REBALANCE_IN_PROGRESS' });
  }

  function joined(): void {
    signs.touch();
    session = closed === undefined ? createConsumerSession(options, membership) : undefined;
  }

  function heardOf(): void {
    const gapMs = signs.touch();
    // What was dropped meanwhile is only read again by a new membership.
    if (gapMs > OUT_OF_TOUCH_MS && session !== undefined) fail(`the group was out of reach for ${Math.round(gapMs)} ms`);
  }

  const consumer = client.kafka.consumer({ ...CONSUMER_CONFIG, groupId: group, partitionAssigners: [createGroupAssigner(handOver)] });
  const { GROUP_JOIN, HEARTBEAT, FETCH, CRASH } = consumer.events;
  consumer.on(GROUP_JOIN, joined);
  consumer.on(HEARTBEAT, heardOf);
  consumer.on(FETCH, signs.alive);
  consumer.on(CRASH, ({ payload }) => { failure.resolve(payload.error); });
  const watch = setInterval(() => {
    if (signs.msSinceAlive() > SILENT_MS) fail(`the consumer showed no life for ${SILENT_MS} ms`);
  }, LOOK_EVERY_MS);

  async function close(drainMs: number): Promise<void> {
    clearInterval(watch);
    pauseAll(consumer, topics);
    await session?.end(drainMs);
    await within(STOP_DEADLINE_MS, 'leaving the group', consumer.disconnect()).catch(() => undefined);
    client.destroy();
  }

  const opened: GroupConsumer = { failed: failure.promise, close: (drainMs) => (closed ??= close(drainMs)) };
  const failed = failure.promise.then((error) => Promise.reject(error));
  try {
    const joining = run(consumer, topics, (payload) => session?.onBatch(payload) ?? Promise.resolve()).then(() => (session === undefined ? failed : undefined));
    await within(JOIN_DEADLINE_MS, `joining the group "${group}"`, Promise.race([failed, joining, rejectedBy(signal)]));
  } catch (error) {
    await opened.close(0);
    throw error;
  }
  return opened;
}

/** Resolves when it has joined, or cannot. */
async function run(consumer: Consumer, topics: readonly string[], eachBatch: EachBatchHandler): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: PARTITIONS_AT_ONCE, eachBatch });
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => { signal.addEventListener('abort', () => { reject(new Error('the event log is closed')); }, { once: true }); });
}

/** While it closes a member goes on with its heartbeats, but reads nothing. */
function pauseAll(consumer: Consumer, topics: readonly string[]): void {
  try {
    consumer.pause(topics.map((topic) => ({ topic })));
  } catch {
    // It does not run: nothing is read.
  }
}
