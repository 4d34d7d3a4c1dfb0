import type { Channel, GetMessage } from 'amqplib';
import type { ParkedMessage } from '../message.ts';
import { asReplayed } from '../replayed.ts';
import type { Connection } from './connection.ts';
import { assertDeadQueue, deadQueueOf, GUILTY_LOSSES } from './queue-declarations.ts';
import { parkedFromAmqp } from './task-message.ts';
import type { TaskSender } from './task-sender.ts';

/**
 * The broker keeps acknowledgements back while 32 others are on their way to a quorum queue, and forgets what it kept back when the channel closes: those tasks would be parked
 * still, beside their copies.
 */
const REPLAYED_AT_ONCE = 30;
const LOOKED_AT = 1_000;
/** The broker's count lags behind what was given back to it. */
const COUNTED_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 10;

/** The tasks that were given up. One look at a time, for others do not see what one has in hand. */
export interface ParkedTasks {
  /** Oldest first, up to the first thousand or `limit`. */
  list(queue: string, limit: number): Promise<readonly ParkedMessage[]>;
  /** Crash-safe: a task is taken away when its copy in the work queue was confirmed. Leaves those that are parked meanwhile. */
  replay(queue: string): Promise<number>;
}

export function createParkedTasks({ connection, sender }: { connection: Connection; sender: TaskSender }): ParkedTasks {
  let last: Promise<unknown> = Promise.resolve();

  /** On a channel of its own: what it does not acknowledge goes back when it is closed. */
  function onChannel<T>(queue: string, work: (channel: Channel) => Promise<T>): Promise<T> {
    const next = last.then(async () => {
      const fault = connection.disconnected();
      if (fault !== undefined) throw new Error(fault);
      const channel = await connection.openChannel();
      channel.on('error', () => undefined);
      try {
        await assertDeadQueue(channel, queue);
        return await work(channel);
      } finally {
        await channel.close().catch(() => undefined);
      }
    });
    last = next.catch(() => undefined);
    return next;
  }

  /**
   * Takes all there are, up to a thousand, and gives them back in one go. What was given back stands before the rest, in the order in which it came: taking fewer than were
   * given back the last time would turn that order round. The time puts right what looks of several processes at once did.
   */
  async function list(channel: Channel, queue: string, limit: number): Promise<readonly ParkedMessage[]> {
    const found = await take(channel, queue, Math.max(limit, LOOKED_AT));
    if (found.length > 0) channel.nackAll(true);
    await counted(channel, queue, found.length + (found.at(-1)?.fields.messageCount ?? 0));
    const parked = found.map((raw) => parkedFromAmqp(raw, queue, GUILTY_LOSSES));
    return parked.toSorted((one, other) => one.parkedAt.getTime() - other.parkedAt.getTime()).slice(0, limit);
  }

  /** Waits until the broker counts again what was in hand beside what lay behind it; not for long, for others may take some meanwhile. */
  async function counted(channel: Channel, queue: string, count: number): Promise<void> {
    for (let leftMs = COUNTED_WITHIN_MS; leftMs > 0; leftMs -= LOOK_EVERY_MS) {
      if ((await channel.checkQueue(deadQueueOf(queue))).messageCount >= count) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  async function replay(channel: Channel, queue: string): Promise<number> {
    let replayed = 0;
    let left = Infinity;
    while (left > 0) {
      const batch = await take(channel, queue, Math.min(left, REPLAYED_AT_ONCE));
      const [first] = batch;
      if (first === undefined) break;
      if (left === Infinity) left = first.fields.messageCount + 1;
      await Promise.all(
        batch.map(async (raw) => {
          await sender.again(queue, { message: asReplayed(parkedFromAmqp(raw, queue, GUILTY_LOSSES).message), attempt: 1 });
          channel.ack(raw);
        }),
      );
      replayed += batch.length;
      left -= batch.length;
    }
    return replayed;
  }

  return {
    list: (queue, limit) => onChannel(queue, (channel) => list(channel, queue, limit)),
    replay: (queue) => onChannel(queue, (channel) => replay(channel, queue)),
  };
}

async function take(channel: Channel, queue: string, most: number): Promise<GetMessage[]> {
  const found: GetMessage[] = [];
  while (found.length < most) {
    const raw = await channel.get(deadQueueOf(queue));
    if (raw === false) break;
    found.push(raw);
  }
  return found;
}
