import type { ConfirmChannel, Message as Raw } from 'amqplib';
import type { Logger } from 'pino';
import { MessageTooLargeError } from '../message-too-large-error.ts';
import { UnroutableError } from '../task-queue.ts';
import type { Connection } from './connection.ts';
import { createLastingChannel } from './lasting-channel.ts';
import type { OutgoingTask } from './task-message.ts';

/** From the call on, with all waiting. */
const CONFIRM_TIMEOUT_MS = 5_000;
const MOST_IN_FLIGHT = 1_000;
/** What RabbitMQ takes unless told otherwise. It would close the channel, with all that is in flight. */
const LARGEST_BYTES = 16 * 1024 * 1024;

export interface Publication extends OutgoingTask {
  /** '' is the one that leads to every queue by its name. */
  exchange: string;
  routingKey: string;
  /** Whether it must find a queue. */
  mandatory: boolean;
}

/** Sends with publisher confirms, many at once. */
export interface Publisher {
  /**
   * Resolves when the broker has taken responsibility. Rejects with `UnroutableError` when it must find a queue and does not, and after 5 s without confirmation, whatever the
   * cause: then it may have been taken all the same.
   */
  publish(publication: Publication): Promise<void>;
  close(): Promise<void>;
}

interface Pending extends Publication {
  unroutable: boolean;
  /** The first call counts. */
  settle(error?: Error): void;
}

export interface PublisherOptions {
  /** Of its own: a broker that is short of memory does not read from connections that publish. */
  connection: Connection;
  /** Called when the channel was lost, before it is opened again. */
  mend: () => Promise<void>;
  logger: Logger;
}

export function createPublisher({ connection, mend, logger }: PublisherOptions): Publisher {
  /** Insertion order is the order of sending. */
  const waiting = new Set<Pending>();
  const inFlight = new Set<Pending>();
  let closed = false;

  const lasting = createLastingChannel({
    name: 'publisher',
    open: connection.openConfirmChannel,
    prepare: (channel) => Promise.resolve(void channel.on('return', returned)),
    onOpen: pump,
    mend,
    logger,
  });
  connection.onUnblocked(pump);

  function pump(): void {
    const channel = lasting.current();
    if (channel === undefined || connection.blocked() !== undefined) return;
    for (const pending of waiting) {
      if (inFlight.size >= MOST_IN_FLIGHT) return;
      waiting.delete(pending);
      write(channel, pending);
    }
  }

  function write(channel: ConfirmChannel, pending: Pending): void {
    const { exchange, routingKey, content, options, mandatory } = pending;
    inFlight.add(pending);
    // Keeps its place after its time is over, until the channel says what became of it: what is under way is bounded.
    const confirmed = (error: unknown): void => {
      inFlight.delete(pending);
      pending.settle(outcomeOf(pending, error));
    };
    try {
      channel.publish(exchange, routingKey, content, { ...options, mandatory }, (error: unknown) => {
        confirmed(error);
        pump();
      });
    } catch (error) {
      confirmed(error);
    }
  }

  /** A message that found no queue comes back before its confirmation, in the order of sending. */
  function returned({ fields, properties }: Raw): void {
    for (const pending of inFlight) {
      const { options, exchange, routingKey, unroutable } = pending;
      if (unroutable || options.messageId !== properties.messageId || exchange !== fields.exchange || routingKey !== fields.routingKey) continue;
      pending.unroutable = true;
      return;
    }
  }

  function reasonNow(): string {
    return connection.disconnected() ?? connection.blocked() ?? 'RabbitMQ is silent';
  }

  return {
    publish: (publication) => {
      if (closed) return Promise.reject(new Error('the task queue is closed'));
      const { exchange, routingKey, content } = publication;
      if (content.length > LARGEST_BYTES) return Promise.reject(new MessageTooLargeError(exchange || routingKey, `${content.length} bytes, and RabbitMQ takes ${LARGEST_BYTES}`));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => { pending.settle(new Error(`not confirmed within ${CONFIRM_TIMEOUT_MS} ms: ${reasonNow()}`)); }, CONFIRM_TIMEOUT_MS);
        const pending: Pending = {
          ...publication,
          unroutable: false,
          settle: (error) => {
            clearTimeout(timer);
            waiting.delete(pending);
            if (error === undefined) resolve();
            else reject(error);
          },
        };
        waiting.add(pending);
        pump();
      });
    },
    close: async () => {
      closed = true;
      for (const pending of [...waiting, ...inFlight]) pending.settle(new Error('the task queue was closed before the message was confirmed'));
      await lasting.close();
    },
  };
}

function outcomeOf({ unroutable, exchange, routingKey }: Pending, error: unknown): Error | undefined {
  if (unroutable) return new UnroutableError(exchange, routingKey);
  return error instanceof Error ? error : undefined;
}
