import type { GivenUp, Message, Outcome } from '../message.ts';
import { passSettling } from '../settle-steps.ts';
import { ClosedBeforeHandledError, type Settle } from './confirmation.ts';
import type { ParkedStore } from './parked-store.ts';
import { createSeats, type Consumer, type Entry } from './seats.ts';
import { untilDone } from './until-done.ts';

/** How many messages of different keys one member handles at once. */
const MEMBER_CONCURRENCY = 16;

/** One group's way through one topic: a lane for each key, one message of a lane at a time. */
export interface ConsumerGroup {
  /** `settle` is called once the message was handled or is parked for good, or with an error when the group closes first. */
  add(message: Message, settle: Settle): void;
  /** Parks a message unhandled. */
  giveUp(message: Message, why: GivenUp, settle: Settle): void;
  join(member: Consumer): void;
  leave(member: Consumer): void;
  lag(): number;
  close(): void;
}

export function createConsumerGroup({ group, topic, store }: { group: string; topic: string; store: ParkedStore }): ConsumerGroup {
  const lanes = new Map<string, Entry[]>();
  const ready: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const seats = createSeats({ source: topic, group, take: nextReady, apply });
  let waiting = 0;
  let closed = false;

  function nextReady(): Entry | undefined {
    const key = ready.shift();
    return key === undefined ? undefined : lanes.get(key)?.[0];
  }

  async function apply(entry: Entry, outcome: Outcome): Promise<void> {
    if (closed) return;
    passSettling('before', outcome.kind, topic, entry.message.id);
    if (outcome.kind === 'retry') {
      if (outcome.counts !== false) entry.attempt += 1;
      retryLater(entry.message.key, outcome.delayMs);
      passSettling('after', 'retry', topic, entry.message.id);
      return;
    }
    if (outcome.kind === 'park') await park(entry.message, { attempts: entry.attempt, reason: outcome.reason });
    // Closing settled it otherwise.
    if (closed) return;
    leaveLane(entry);
    entry.settle(outcome.kind === 'park' ? 'parked' : 'handled');
    passSettling('after', outcome.kind, topic, entry.message.id);
  }

  async function park(message: Message, why: GivenUp): Promise<void> {
    await untilDone(() => store.park({ message, source: topic, group, ...why, parkedAt: new Date() }), () => closed);
  }

  function leaveLane(entry: Entry): void {
    const { key } = entry.message;
    const lane = lanes.get(key);
    if (lane?.[0] !== entry) return;
    lane.shift();
    waiting -= 1;
    if (lane.length === 0) lanes.delete(key);
    else ready.push(key);
    seats.wake();
  }

  function retryLater(key: string, delayMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      ready.push(key);
      seats.wake();
    }, delayMs);
    timers.add(timer);
  }

  return {
    add: (message, settle) => {
      const entry = { message, attempt: 1, settle };
      const lane = lanes.get(message.key);
      waiting += 1;
      if (lane === undefined) {
        lanes.set(message.key, [entry]);
        ready.push(message.key);
        seats.wake();
      } else lane.push(entry);
    },
    giveUp: (message, why, settle) => {
      void park(message, why).then(() => { settle(closed ? new ClosedBeforeHandledError() : 'parked'); });
    },
    join: (member) => { seats.join(member, MEMBER_CONCURRENCY); },
    leave: seats.leave,
    lag: () => waiting,
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const lane of lanes.values()) for (const entry of lane) entry.settle(new ClosedBeforeHandledError());
      lanes.clear();
      ready.length = 0;
      seats.clear();
    },
  };
}
