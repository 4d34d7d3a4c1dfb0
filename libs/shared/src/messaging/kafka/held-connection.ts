import { answerOf } from './broker-answer.ts';
import type { KafkaClient, OpenKafkaClient } from './kafka-client.ts';
import { within } from '../within.ts';

const CONNECT_DEADLINE_MS = 6_000;
const DISCONNECT_DEADLINE_MS = 2_000;

interface Connectable {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

/** A producer or admin that is connected when it is first used, and made anew after it failed: kafkajs keeps connections that went dead without a word. */
export interface HeldConnection<C> {
  use<T>(work: (connection: C) => Promise<T>): Promise<T>;
  /** Idempotent; later use rejects. Bounded. */
  close(): Promise<void>;
}

export interface HeldConnectionOptions<C> {
  openClient: OpenKafkaClient;
  create: (client: KafkaClient) => C;
  /** How long one piece of work may take. */
  deadlineMs: number;
}

interface Open<C> {
  client: KafkaClient;
  connection: C;
  connected: Promise<void>;
}

export function createHeldConnection<C extends Connectable>({ openClient, create, deadlineMs }: HeldConnectionOptions<C>): HeldConnection<C> {
  let current: Open<C> | undefined;
  let closed: Promise<void> | undefined;

  function open(): Open<C> {
    if (closed !== undefined) throw new Error('the event log is closed');
    if (current !== undefined) return current;
    const client = openClient();
    const connection = create(client);
    return (current = { client, connection, connected: within(CONNECT_DEADLINE_MS, 'connecting to Kafka', connection.connect()) });
  }

  function discard(opened: Open<C>): void {
    if (current === opened) current = undefined;
    // At once: nothing is sent any more by what was given up.
    opened.client.destroy();
  }

  return {
    use: async (work) => {
      const opened = open();
      try {
        await opened.connected;
        return await within(deadlineMs, 'asking Kafka', work(opened.connection));
      } catch (error) {
        // A broker that says no is there.
        if (answerOf(error) === undefined) discard(opened);
        throw error;
      }
    },
    close: () => (closed ??= current === undefined ? Promise.resolve() : end(current)),
  };
}

async function end({ client, connection, connected }: Open<Connectable>): Promise<void> {
  try {
    await connected;
    await within(DISCONNECT_DEADLINE_MS, 'disconnecting from Kafka', connection.disconnect());
  } catch {
    // It is destroyed either way.
  } finally {
    client.destroy();
  }
}
