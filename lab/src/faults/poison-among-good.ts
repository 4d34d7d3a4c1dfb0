import { plentyFor } from '../audit/audit-defaults.ts';
import { auditLoad, type AuditVerdict } from '../audit/audit-load.ts';
import { drain } from '../audit/drain.ts';
import { countByColumn, isClean } from '../audit/findings.ts';
import type { OpsTarget } from '../audit/pipes.ts';
import type { LatencySummary } from '../load/latency.ts';
import { runLoad, type LoadSummary } from '../load/run-load.ts';
import type { RunningShop } from '../topology/shop.ts';
import { createNotifiedLatency, type Phases } from './poison-latency.ts';
import { POISONED_OUTBOX, POISONED_TOPIC, poisonKinds, poisonSql } from './poison-messages.ts';
import { countParked, POISON_GAUGES, readParked, replayParked, type ParkedView } from './poison-parked.ts';

export interface PoisonOptions {
  /** Orders in peace, and as many again among poison. */
  orders: number;
  /** Poison messages among the latter. Beside these, the mailbox of one customer refuses what it is sent. */
  poison: number;
  /** Orders per second. */
  rate: number;
  customers: number;
  seed: number;
  ledgerPath: string;
  drainDeadlineMs: number;
  /** Runs a statement in the database of the orders module. */
  execute: (sql: string) => Promise<void>;
}

/** Messages by where they are parked: in the topic that was poisoned, in the outbox before it, and in the queue of e-mails. */
interface ParkedCounts {
  topic: number;
  outbox: number;
  queue: number;
}

/** Where poison ended, and what it did to the good orders. */
export interface PoisonRun extends AuditVerdict, Replay {
  load: LoadSummary;
  /** From an order to its notification. */
  notified: Phases<LatencySummary>;
}

interface Replay {
  /** When all was quiet. */
  parked: ParkedCounts;
  /** What the shop shows of them. */
  shown: readonly ParkedView[];
  replayed: ParkedCounts;
  /** After the replay, when all was quiet again. */
  parkedAgain: ParkedCounts;
}

const MAIL_QUEUE = 'notifications.email';
const GAUGES = { ...POISON_GAUGES, queue: `queue ${MAIL_QUEUE} dead` };

/**
 * Puts poison among good orders of a running shop and waits until all is quiet; then the mailbox takes its mail again, and all that is parked is replayed: what is poison
 * in itself must be parked again, and what was refused have its effect once. The findings leave out the former.
 */
export async function poisonAmongGood(shop: RunningShop, options: PoisonOptions): Promise<PoisonRun> {
  const latency = createNotifiedLatency();
  const { findings, ...audited } = await auditLoad(shop, {
    ...options,
    // Nothing sells out: who is refused is not told about.
    scarceStock: plentyFor(2 * options.orders),
    onStreamEvent: latency.told,
    load: async ({ customers, ledger }) => {
      const refusing = customers[0]?.email ?? '';
      const doses = createDoses(options);
      const load = await runLoad({
        baseUrl: shop.baseUrl,
        ledger,
        seed: options.seed,
        pace: { rate: options.rate },
        orders: 2 * options.orders,
        customers,
        onAttempt: ({ orderId }, latencyMs) => { if (orderId !== undefined) latency.sent(orderId, performance.now() - latencyMs); },
        onSent: (sent) => {
          if (sent === Math.ceil(options.orders * WARM_UP_SHARE) + 1) latency.warm();
          if (sent <= options.orders) return;
          if (sent === options.orders + 1) latency.poisoned();
          shop.mail.refuse(refusing);
          doses.after(sent - options.orders);
        },
      });
      await doses.given();
      return { load, kills: 0, ...(await replay(shop, refusing, options.drainDeadlineMs)) };
    },
  });
  const others = findings.filter(({ id }) => id !== GAUGES.topic && id !== GAUGES.outbox);
  return { ...audited, findings: others, counts: countByColumn(others), clean: isClean(others), notified: latency.summary() };
}

/** Of the orders in peace: the processes are cold before. */
const WARM_UP_SHARE = 0.1;

/** Spreads the poison evenly over the orders. */
function createDoses({ orders, poison, execute }: PoisonOptions): { after(sent: number): void; given(): Promise<void> } {
  let count = 0;
  let giving: Promise<void> = Promise.resolve();
  return {
    after: (sent) => {
      const due = Math.floor((sent * poison) / orders) - count;
      if (due <= 0) return;
      const kinds = poisonKinds(due, count);
      count += due;
      giving = giving.then(() => execute(poisonSql(kinds)));
      // A failure is kept for `given`; until then nobody waits for it.
      giving.catch(() => undefined);
    },
    given: () => giving,
  };
}

async function replay({ processes, mail }: RunningShop, refusing: string, deadlineMs: number): Promise<Replay> {
  const consumer = processes.find(({ modules }) => modules.includes('notifications'));
  const writer = processes.find(({ modules }) => modules.includes('orders'));
  if (consumer === undefined || writer === undefined) throw new Error('no process runs the module notifications, or none the module orders');
  const quiet = async (): Promise<ParkedCounts> => {
    await drain(processes, { deadlineMs });
    return parkedNow(processes);
  };
  const parked = await quiet();
  const ofWriter = ({ source }: ParkedView): boolean => source === POISONED_OUTBOX;
  const shown = [...(await readParked(consumer)).filter((view) => !ofWriter(view)), ...(await readParked(writer)).filter(ofWriter)];
  mail.accept(refusing);
  const replayed = { queue: await replayParked(consumer, MAIL_QUEUE), topic: await replayParked(consumer, POISONED_TOPIC), outbox: await replayParked(writer, POISONED_OUTBOX) };
  return { parked, shown, replayed, parkedAgain: await quiet() };
}

async function parkedNow(processes: readonly OpsTarget[]): Promise<ParkedCounts> {
  const counts = await countParked(processes);
  const at = (where: string): number => counts.get(where) ?? 0;
  return { topic: at(GAUGES.topic), outbox: at(GAUGES.outbox), queue: at(GAUGES.queue) };
}
