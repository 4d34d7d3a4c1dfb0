import type { GivenUp, Message, Outcome } from '../message.ts';
import { passSettling } from '../settle-steps.ts';
import { ClosedBeforeHandledError, GivenBackError, type Settle } from './confirmation.ts';
import type { ParkedStore } from './parked-store.ts';
import { createSeats, type Consumer, type Entry } from './seats.ts';
import { untilDone } from './until-done.ts';

export interface Worker extends Consumer {
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

export function createWorkQueue(queue: string, store: ParkedStore): WorkQueue {
  const ready: Entry[] = [];
  const retrying = new Map<Entry, NodeJS.Timeout>();
  const running = new Set<Entry>();
  const parking = new Set<Entry>();
  const seats = createSeats({ source: queue, group: queue, take, apply });
  let closed = false;

  function take(): Entry | undefined {
    const task = ready.shift();
    if (task !== undefined) running.add(task);
    return task;
  }

  async function apply(task: Entry, outcome: Outcome): Promise<void> {
    running.delete(task);
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
        seats.wake();
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
      seats.wake();
    },
    giveUp: (message, why, settle) => {
      void park(message, why).then(() => { settle(closed ? new ClosedBeforeHandledError() : 'parked'); });
    },
    join: (worker) => { seats.join(worker, worker.prefetch); },
    leave: seats.leave,
    depth: () => ({ ready: ready.length + running.size, retrying: retrying.size }),
    close: () => {
      closed = true;
      for (const timer of retrying.values()) clearTimeout(timer);
      for (const task of [...ready, ...running, ...parking, ...retrying.keys()]) task.settle(new ClosedBeforeHandledError());
      ready.length = 0;
      retrying.clear();
      seats.clear();
    },
  };
}
