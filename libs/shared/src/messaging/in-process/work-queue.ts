import { attemptDelivery } from '../attempt-delivery.ts';
import type { Drain } from '../drain.ts';
import type { DeliveryHandler, GivenUp, Message, Outcome } from '../message.ts';
import { passSettling } from '../settle-steps.ts';
import { ClosedBeforeHandledError, GivenBackError, type Settle } from './confirmation.ts';
import type { ParkedStore } from './parked-store.ts';
import { untilDone } from './until-done.ts';

export interface Worker {
  handler: DeliveryHandler;
  drain: Drain;
  prefetch: number;
}

/** One queue in memory: tasks wait for a free worker, failed ones for their next try. */
export interface WorkQueue {
  /** `settle` is called once the task was handled or is parked for good, or with an error when it came too early or the queue closes first. */
  add(message: Message, settle: Settle): void;
  /** Parks a task unhandled. */
  giveUp(message: Message, why: GivenUp, settle: Settle): void;
  join(worker: Worker): void;
  leave(worker: Worker): void;
  depth(): { ready: number; retrying: number };
  close(): void;
}

interface Task {
  message: Message;
  attempt: number;
  settle: Settle;
}

interface Seat {
  worker: Worker;
  running: number;
}

export function createWorkQueue(queue: string, store: ParkedStore): WorkQueue {
  const ready: Task[] = [];
  const retrying = new Map<Task, NodeJS.Timeout>();
  const running = new Set<Task>();
  const parking = new Set<Task>();
  let seats: Seat[] = [];
  let pumping = false;
  let closed = false;

  function schedulePump(): void {
    if (pumping) return;
    pumping = true;
    // Never in the sender's stack: a broker would not be either.
    setImmediate(pump);
  }

  function pump(): void {
    pumping = false;
    while (ready.length > 0) {
      const seat = freeSeat();
      if (seat === undefined) return;
      const task = ready.shift();
      if (task !== undefined) void run(seat, task);
    }
  }

  function freeSeat(): Seat | undefined {
    let best: Seat | undefined;
    for (const seat of seats) if (seat.running < seat.worker.prefetch && seat.running < (best?.running ?? Infinity)) best = seat;
    return best;
  }

  async function run(seat: Seat, task: Task): Promise<void> {
    seat.running += 1;
    running.add(task);
    const { handler, drain } = seat.worker;
    const delivery = { message: task.message, source: queue, group: queue, attempt: task.attempt, signal: drain.signal };
    const outcome = await drain.track(attemptDelivery(handler, delivery));
    seat.running -= 1;
    running.delete(task);
    schedulePump();
    await apply(task, outcome);
  }

  async function apply(task: Task, outcome: Outcome): Promise<void> {
    if (closed) return;
    passSettling('before', outcome.kind, queue, task.message.id);
    if (outcome.kind === 'retry' && outcome.early === true) {
      task.settle(new GivenBackError(outcome.reason));
      passSettling('after', 'retry', queue, task.message.id);
      return;
    }
    if (outcome.kind === 'retry') {
      if (outcome.counts !== false) task.attempt += 1;
      const again = (): void => {
        retrying.delete(task);
        ready.push(task);
        schedulePump();
      };
      retrying.set(task, setTimeout(again, outcome.delayMs));
      passSettling('after', 'retry', queue, task.message.id);
      return;
    }
    if (outcome.kind === 'park') {
      parking.add(task);
      await park(task.message, { attempts: task.attempt, reason: outcome.reason });
      parking.delete(task);
    }
    // Closing settled it otherwise.
    if (closed) return;
    task.settle(outcome.kind === 'park' ? 'parked' : 'handled');
    passSettling('after', outcome.kind, queue, task.message.id);
  }

  async function park(message: Message, why: GivenUp): Promise<void> {
    await untilDone(() => store.park({ message, source: queue, group: queue, ...why, parkedAt: new Date() }), () => closed);
  }

  return {
    add: (message, settle) => {
      ready.push({ message, attempt: 1, settle });
      schedulePump();
    },
    giveUp: (message, why, settle) => {
      void park(message, why).then(() => { settle(closed ? new ClosedBeforeHandledError() : 'parked'); });
    },
    join: (worker) => {
      seats.push({ worker, running: 0 });
      schedulePump();
    },
    leave: (worker) => { seats = seats.filter((seat) => seat.worker !== worker); },
    depth: () => ({ ready: ready.length + running.size, retrying: retrying.size }),
    close: () => {
      closed = true;
      for (const timer of retrying.values()) clearTimeout(timer);
      for (const task of [...ready, ...running, ...parking, ...retrying.keys()]) task.settle(new ClosedBeforeHandledError());
      ready.length = 0;
      retrying.clear();
      seats = [];
    },
  };
}
