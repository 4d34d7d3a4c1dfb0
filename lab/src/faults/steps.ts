import type { ModuleName } from '@doubleshot/contracts';
import type { ProcessGroup, Topology } from '../topology/parse-topology.ts';

const around = (...whats: string[]): string[] => whats.flatMap((what) => [`before ${what}`, `after ${what}`]);
const relayed = (destination: string): string[] => ['claimed', 'sent', 'confirmed', 'marked'].map((how) => `relay ${how} ${destination}`);
const consumed = (source: string): string[] => [`received ${source}`, `handled ${source}`];
const worked = (queue: string): string[] => [...consumed(queue), ...around(`acknowledging ${queue}`)];

/** What the process with this module passes on the way of one order (an espresso), whichever brew. docs/steps.md says what they mean. */
const STEPS: Readonly<Record<ModuleName, readonly string[]>> = {
  gateway: [],
  auth: [],
  orders: [
    ...around('orders.place', 'orders.start-brewing', 'orders.finish-station'),
    ...relayed('orders.v1'),
    ...relayed('brewing'),
    ...worked('brewing.espresso'),
  ],
  notifications: [
    ...consumed('orders.v1'),
    ...around('notifications.tell-order-fact'),
    ...consumed('live'),
    ...relayed('notifications'),
    ...worked('notifications.inapp'),
    ...around('notifications.store-notification'),
    ...worked('notifications.email'),
    ...around('notifications.take-email-claim', 'sending mail', 'notifications.mark-email-sent'),
  ],
};

/** How a group gets on in the log: within one process event by event, in a log that several share by a cursor. */
const PROGRESS = { alone: around('acknowledging orders.v1'), shared: around('offset commit of orders.v1') };

/** The steps that a process passes on the way of one order. */
export function stepsOf({ modules }: Pick<ProcessGroup, 'modules'>, { processes }: Topology): readonly string[] {
  const progress = processes.length === 1 ? PROGRESS.alone : PROGRESS.shared;
  return modules.flatMap((module) => [...STEPS[module], ...(module === 'notifications' ? progress : [])]);
}

/** Those that row F2 of the fault matrix names: commit, publish, confirm, mark, handle, inbox commit, acknowledgement, offset commit. */
export const MATRIX_STEPS: ReadonlySet<string> = new Set([
  ...around('orders.place', 'notifications.tell-order-fact', 'sending mail'),
  ...['sent', 'confirmed', 'marked'].map((how) => `relay ${how} orders.v1`),
  ...['orders.v1', 'notifications.email'].map((source) => `handled ${source}`),
  ...around('acknowledging brewing.espresso', 'acknowledging notifications.email'),
  ...Object.values(PROGRESS).flat(),
]);
