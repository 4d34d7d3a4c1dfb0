import type { ModuleName } from '@doubleshot/contracts';
import type { Sample } from './prometheus-text.ts';

type Expected = (sample: Sample) => boolean;

const OUTBOX = 'doubleshot_outbox_rows';
const QUEUE = 'doubleshot_queue_depth';
const LAG = 'doubleshot_event_log_lag';

const outboxOf = (module: ModuleName): Expected => ({ name, labels }) => name === OUTBOX && labels.module === module;
const queuesOf = (prefix: string): Expected => ({ name, labels }) => name === QUEUE && labels.queue?.startsWith(prefix) === true;
const lagOf = (topic: string): Expected => ({ name, labels }) => name === LAG && labels.topic === topic;

/** The pipes of each module: one of which nothing can be read may hold anything. */
const EXPECTED: Readonly<Record<ModuleName, readonly Expected[]>> = {
  gateway: [],
  auth: [outboxOf('auth')],
  orders: [outboxOf('orders'), queuesOf('brewing.')],
  notifications: [outboxOf('notifications'), queuesOf('notifications.'), lagOf('orders.v1'), lagOf('users.v1')],
};

/** Whether a process tells of every pipe that its modules have. `samples` are of pipes alone; one without a figure (NaN) tells nothing. */
export function tellsOfEveryPipe(modules: readonly ModuleName[], samples: readonly Sample[]): boolean {
  if (samples.some(({ value }) => !Number.isFinite(value))) return false;
  return modules.every((module) => EXPECTED[module].every((expected) => samples.some(expected)));
}
