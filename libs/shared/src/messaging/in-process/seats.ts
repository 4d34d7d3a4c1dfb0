import { attemptDelivery } from '../attempt-delivery.ts';
import type { Drain } from '../drain.ts';
import type { DeliveryHandler, Message, Outcome } from '../message.ts';
import type { Settle } from './confirmation.ts';

/** A message on its way to whoever handles it. */
export interface Entry {
  message: Message;
  attempt: number;
  settle: Settle;
}

/** One subscription. */
export interface Consumer {
  handler: DeliveryHandler;
  drain: Drain;
}

/** The consumers of one topic or queue; what waits goes to the one with the least to do. */
export interface Seats {
  /** It handles at most `atOnce` messages at a time. */
  join(consumer: Consumer, atOnce: number): void;
  leave(consumer: Consumer): void;
  clear(): void;
  /** Something waits, or will again. It is handed out soon, never in the caller's stack: a broker would not be there either. */
  wake(): void;
}

export interface SeatsOptions {
  source: string;
  group: string;
  /** Takes what is next; nothing waits when there is none. */
  take: () => Entry | undefined;
  apply: (entry: Entry, outcome: Outcome) => Promise<void>;
}

interface Seat {
  consumer: Consumer;
  atOnce: number;
  running: number;
}

export function createSeats({ source, group, take, apply }: SeatsOptions): Seats {
  let seats: Seat[] = [];
  let woken = false;

  function wake(): void {
    if (woken) return;
    woken = true;
    setImmediate(handOut);
  }

  function handOut(): void {
    woken = false;
    for (let seat = freeSeat(); seat !== undefined; seat = freeSeat()) {
      const entry = take();
      if (entry === undefined) return;
      void run(seat, entry);
    }
  }

  function freeSeat(): Seat | undefined {
    let best: Seat | undefined;
    for (const seat of seats) if (seat.running < seat.atOnce && seat.running < (best?.running ?? Infinity)) best = seat;
    return best;
  }

  async function run(seat: Seat, entry: Entry): Promise<void> {
    seat.running += 1;
    const { handler, drain } = seat.consumer;
    const delivery = { message: entry.message, source, group, attempt: entry.attempt, signal: drain.signal };
    const outcome = await drain.track(attemptDelivery(handler, delivery));
    seat.running -= 1;
    wake();
    await apply(entry, outcome);
  }

  return {
    join: (consumer, atOnce) => {
      seats.push({ consumer, atOnce, running: 0 });
      wake();
    },
    leave: (consumer) => { seats = seats.filter((seat) => seat.consumer !== consumer); },
    clear: () => { seats = []; },
    wake,
  };
}
