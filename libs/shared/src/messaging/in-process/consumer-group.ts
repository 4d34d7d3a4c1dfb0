import { attemptDelivery } from '../attempt-delivery.ts';
import type { Drain } from '../drain.ts';
import type { DeliveryHandler, GivenUp, Message, Outcome } from '../message.ts';
import { passSettling } from '../settle-steps.ts';
import { ClosedBeforeHandledError, type Settle } from './confirmation.ts';
import type { ParkedStore } from './parked-store.ts';
import { untilDone } from './until-done.ts';

/** How many messages of different keys one member handles at once. */
const MEMBER_CONCURRENCY = 16;

/** One subscription of a group. */
export interface Member {
  handler: DeliveryHandler;
  drain: Drain;
}

/** One group's way through one topic: a lane for each key, one message of a lane at a time. */
export interface ConsumerGroup {
  /** `settle` is called once the message was handled or is parked for good, or with an error when the group closes first. */
  add(message: Message, settle: Settle): void;
  /** Parks a message unhandled. */
  giveUp(message: Message, why: GivenUp, settle: Settle): void;
  join(member: Member): void;
  leave(member: Member): void;
  lag(): number;
  close(): void;
}

interface Entry {
  message: Message;
  attempt: number;
  settle: Settle;
}

interface Seat {
  member: Member;
  running: number;
}

export function createConsumerGroup({ group, topic, store }: { group: string; topic: string; store: ParkedStore }): ConsumerGroup {
  const lanes = new Map<string, Entry[]>();
  const ready: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let seats: Seat[] = [];
  let waiting = 0;
  let pumping = false;
  let closed = false;

  function schedulePump(): void {
    if (pumping) return;
    pumping = true;
    // Never in the publisher's stack: a broker would not be either.
    setImmediate(pump);
  }

  function pump(): void {
    pumping = false;
    while (ready.length > 0) {
      const seat = freeSeat();
      if (seat === undefined) return;
      const key = ready.shift() ?? '';
      const entry = lanes.get(key)?.[0];
      if (entry !== undefined) void run(seat, key, entry);
    }
  }

  function freeSeat(): Seat | undefined {
    let best: Seat | undefined;
    for (const seat of seats) if (seat.running < MEMBER_CONCURRENCY && seat.running < (best?.running ?? Infinity)) best = seat;
    return best;
  }

  async function run(seat: Seat, key: string, entry: Entry): Promise<void> {
    seat.running += 1;
    const { handler, drain } = seat.member;
    const delivery = { message: entry.message, source: topic, group, attempt: entry.attempt, signal: drain.signal };
    const outcome = await drain.track(attemptDelivery(handler, delivery));
    seat.running -= 1;
    schedulePump();
    await apply(key, entry, outcome);
  }

  async function apply(key: string, entry: Entry, outcome: Outcome): Promise<void> {
    if (closed) return;
    passSettling('before', outcome.kind, topic, entry.message.id);
    if (outcome.kind === 'retry') {
      if (outcome.counts !== false) entry.attempt += 1;
      after(outcome.delayMs, () => { ready.push(key); });
      passSettling('after', 'retry', topic, entry.message.id);
      return;
    }
    if (outcome.kind === 'park') await park(entry.message, { attempts: entry.attempt, reason: outcome.reason });
    // Closing settled it otherwise.
    if (closed) return;
    leaveLane(key, entry);
    entry.settle(outcome.kind === 'park' ? 'parked' : 'handled');
    passSettling('after', outcome.kind, topic, entry.message.id);
  }

  async function park(message: Message, why: GivenUp): Promise<void> {
    await untilDone(() => store.park({ message, source: topic, group, ...why, parkedAt: new Date() }), () => closed);
  }

  function leaveLane(key: string, entry: Entry): void {
    const lane = lanes.get(key);
    if (lane?.[0] !== entry) return;
    lane.shift();
    waiting -= 1;
    if (lane.length === 0) lanes.delete(key);
    else ready.push(key);
    schedulePump();
  }

  function after(delayMs: number, then: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
      schedulePump();
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
        schedulePump();
      } else lane.push(entry);
    },
    giveUp: (message, why, settle) => {
      void park(message, why).then(() => { settle(closed ? new ClosedBeforeHandledError() : 'parked'); });
    },
    join: (member) => {
      seats.push({ member, running: 0 });
      schedulePump();
    },
    leave: (member) => { seats = seats.filter((seat) => seat.member !== member); },
    lag: () => waiting,
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      for (const lane of lanes.values()) for (const entry of lane) entry.settle(new ClosedBeforeHandledError());
      lanes.clear();
      ready.length = 0;
      seats = [];
    },
  };
}
