import type { Channel } from 'amqplib';
import type { Logger } from 'pino';
import type { Message, Subscription } from '../message.ts';
import type { Connection } from './connection.ts';
import { createLastingChannel } from './lasting-channel.ts';
import { assertExchange } from './queue-declarations.ts';
import { taskFromAmqp } from './task-message.ts';

export interface BroadcastSubscriptionOptions {
  exchange: string;
  handler: (message: Message) => void;
  connection: Connection;
  logger: Logger;
}

/** Listens to a fanout exchange through a queue of its own, which the broker deletes with the channel and each new channel brings anew. Rejects when it cannot begin within 5 s. */
export async function subscribeToBroadcasts({ exchange, handler, connection, logger }: BroadcastSubscriptionOptions): Promise<Subscription> {
  const receive = (message: Message): void => {
    try {
      handler(message);
    } catch (error) {
      logger.error({ err: error, exchange }, 'a broadcast handler threw');
    }
  };

  async function listen(channel: Channel): Promise<void> {
    await assertExchange(channel, { name: exchange, kind: 'fanout', key: '' });
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, durable: false });
    await channel.bindQueue(queue, exchange, '');
    await channel.consume(queue, (raw) => { if (raw === null) lasting.replace(channel); else receive(taskFromAmqp(raw).message); }, { noAck: true });
  }

  const lasting = createLastingChannel({ name: `listener to ${exchange}`, open: connection.openChannel, prepare: listen, logger });
  try {
    await lasting.opened();
  } catch (error) {
    await lasting.close();
    throw error;
  }
  return { close: () => lasting.close() };
}
