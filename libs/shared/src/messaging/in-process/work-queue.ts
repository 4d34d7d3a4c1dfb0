import { attemptDelivery } from '../attempt-delivery.ts';
import type { Drain } from '../drain.ts';
import type { DeliveryHandler, Message, Outcome, ParkedMessage } from '../message.ts';
import { ClosedBeforeHandledError } from './confirmation.ts';

export interface Worker {
  handler: DeliveryHandler;
  drain: Drain;
  prefetch: number;
}

/** One queue in memory: tasks wait for a free worker, failed ones for their next try. */
export interface WorkQueue {
  /** `settle` is called once the task was handled or parked, or with an error when the queue closes first. */
  add(message: Message, settle: (error?: Error) => void): void;
  join(worker: Worker): void;
  leave(worker: Worker): void;
  depth(): { ready: number; retrying: number; dead: number };
  parked(limit: number): readonly ParkedMessage[];
  replay(): number;
  close(): void;
}

interface Task {
  message: Message;
  attempt: number;
  settle: (error?: Error) => void;
}

interface Seat {
  worker: Worker;
  running: number;
}

export function createWorkQueue(queue: string): WorkQueue {
  const ready: Task[] = [];
  const retrying = new Map<Task, NodeJS.Timeout>();
  const running = new Set<Task>();
  let dead: ParkedMessage[] = [];
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
    apply(task, outcome);
    schedulePump();
  }

  function apply(task: Task, outcome: Outcome): void {
    if (closed) return;
    if (outcome.kind === 'retry') {
      if (outcome.counts !== false) task.attempt += 1;
      const again = (): void => {
        retrying.delete(task);
        ready.push(task);
        schedulePump();
      };
      retrying.set(task, setTimeout(again, outcome.delayMs));
      return;
    }
    if (outcome.kind === 'park') dead.push({ message: task.message, source: queue, group: queue, attempts: task.attempt, reason: outcome.reason, parkedAt: new Date() });
    task.settle();
  }

  function add(message: Message, settle: (error?: Error) => void): void {
    ready.push({ message, attempt: 1, settle });
    schedulePump();
  }

  return {
    add,
    join: (worker) => {
      seats.push({ worker, running: 0 });
      schedulePump();
    },
    leave: (worker) => { seats = seats.filter((seat) => seat.worker !== worker); },
    depth: () => ({ ready: ready.length + running.size, retrying: retrying.size, dead: dead.length }),
    parked: (limit) => dead.slice(0, limit),
    replay: () => {
      const parked = dead;
      dead = [];
      for (const { message } of parked) add(message, () => undefined);
      return parked.length;
    },
    close: () => {
      closed = true;
      for (const timer of retrying.values()) clearTimeout(timer);
      for (const task of [...ready, ...running, ...retrying.keys()]) task.settle(new ClosedBeforeHandledError());
      ready.length = 0;
      retrying.clear();
      seats = [];
    },
  };
}
