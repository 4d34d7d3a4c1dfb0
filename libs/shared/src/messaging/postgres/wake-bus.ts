import type { Database, Listener } from '../../database/index.ts';

/**
 * Tells other processes that something is there to be fetched. A hint alone: a poll stands behind it.
 * The notification is a statement of its own, after the commit it speaks of: inside that transaction it would make all such commits wait for each other's fsync.
 */
export interface WakeBus {
  /** Wakes the subscribers of `name`, here at once and elsewhere soon. Wakes that come while one is on its way share the next. */
  wake(name: string): void;
  /** `onWake` is also called after a lost connection came back. */
  subscribe(name: string, onWake: () => void): Promise<() => void>;
  /** Whether wakes of other processes arrive now. */
  connected(): boolean;
}

export function createWakeBus({ database, listener, channel }: { database: Database; listener: Listener; channel: string }): WakeBus {
  const subscribers = new Map<string, Set<() => void>>();
  const waiting = new Set<string>();
  const statement = { name: `${channel}.wake`, text: 'SELECT pg_notify($1, $2)' };
  let sending = false;
  let listening: Promise<unknown> | undefined;

  function call(name: string): void {
    for (const onWake of subscribers.get(name) ?? []) onWake();
  }

  async function send(): Promise<void> {
    if (sending) return;
    sending = true;
    while (waiting.size > 0) {
      const names = [...waiting].join('\n');
      waiting.clear();
      // A wake that is lost is made good by the poll.
      await database.query(statement, [channel, names]).catch(() => undefined);
    }
    sending = false;
  }

  listener.onReconnect(() => {
    for (const name of subscribers.keys()) call(name);
  });

  return {
    wake: (name) => {
      call(name);
      waiting.add(name);
      void send();
    },
    subscribe: async (name, onWake) => {
      const set = subscribers.get(name) ?? new Set();
      subscribers.set(name, set.add(onWake));
      await (listening ??= listener.listen(channel, (names) => { names.split('\n').forEach(call); }));
      return () => { set.delete(onWake); };
    },
    connected: () => listener.connected(),
  };
}
