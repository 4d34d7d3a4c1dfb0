import type { Logger } from 'pino';
import { GUILTY_DEATHS } from './deaths.ts';
import type { EventLog } from './event-log.ts';
import type { MessageMetrics } from './message-metrics.ts';
import { createOutboxSender } from './outbox-sender.ts';
import { LEASE_SECONDS } from './outbox-lease.ts';
import type { OutboxParked } from './outbox-parked.ts';
import type { ClaimedRow, OutboxTable } from './outbox-table.ts';
import { relayIsolationOf } from './relay-isolation.ts';
import { createRelayLanes } from './relay-lanes.ts';
import { createRelayLoop, type Look } from './relay-loop.ts';
import { createRelaySuspects, MOST_ORDINARY_DEATHS } from './relay-suspects.ts';
import { reasonOf } from './retry-policy.ts';
import type { TaskQueue } from './task-queue.ts';
import { passStep } from '../telemetry/steps.ts';

const ROWS_PER_LANE = 200;
/** Where consumers die with the relay: what is claimed beyond what they work on would only come under suspicion with it. */
const MORTAL_ROWS_PER_LANE = 64;
const RENEW_EVERY_MS = (LEASE_SECONDS * 1_000) / 3;
const FIRST_ROW_DELAY_MS = 100;
const LONGEST_ROW_DELAY_MS = 5_000;
const CLOSE_WAIT_DURABLE_MS = 5_000;
const CLOSE_WAIT_IN_PROCESS_MS = 250;
const CLOSE_LOOK_EVERY_MS = 5;
/** Deaths that no row has: only rows for durable backends are claimed. */
const NO_MORTAL_ROWS = -1;

/** Errors that are the row's own: its lane goes on. */
const ROW_FAULTS = new Set(['UnroutableError', 'GivenBackError']);
/** Those that no other try can help: the row is parked, and its key goes on too. */
const FINAL_FAULTS = new Set(['MessageTooLargeError']);

export interface RelayOptions {
  table: OutboxTable;
  parked: OutboxParked;
  module: string;
  eventLog: EventLog;
  taskQueue: TaskQueue;
  logger: Logger;
  metrics: MessageMetrics;
}

export interface Relay {
  start(): void;
  wake(): void;
  close(): Promise<void>;
}

interface InFlight {
  row: ClaimedRow;
  sinceMs: number;
  settled(isConfirmed: boolean): void;
}

/** Moves rows from the outbox to the log and the queue, and deletes what was confirmed. */
export function createRelay({ table, parked, module, eventLog, taskQueue, logger, metrics }: RelayOptions): Relay {
  const lanes = createRelayLanes();
  const inFlight = new Map<string, InFlight>();
  const durable = (target: string): boolean => (target === 'event' ? eventLog : taskQueue).features.durable;
  const durableLane = (lane: string): boolean => durable(lane.slice(0, lane.indexOf(' ')));
  const rowsPerLane = durable('event') && durable('task') ? ROWS_PER_LANE : MORTAL_ROWS_PER_LANE;
  /** Sent, and not yet known to be out of the table. */
  const confirmed = new Map<string, ClaimedRow>();
  let renewing: NodeJS.Timeout | undefined;
  let open = false;

  const isolation = relayIsolationOf(eventLog.features.durable ? taskQueue : eventLog);
  const suspects = createRelaySuspects({ table, isolation, inFlight: () => [...inFlight.values()].map(({ row }) => row), dispatch });
  const loop = createRelayLoop({ look, longestWaitMs: () => lanes.msToProbe() });
  const send = createOutboxSender({ eventLog, taskQueue, confirmed: onConfirmed, failed: onFailed });

  function onConfirmed(row: ClaimedRow): void {
    if (!leave(row, true)) return;
    passStep('relay confirmed', row.destination, row.messageId);
    confirmed.set(row.id, row);
    if (logger.isLevelEnabled('debug')) logger.debug({ module, lane: row.lane, messageId: row.messageId, attempts: row.attempts }, 'an outbox row was sent');
    if (!durable(row.target) && row.deaths >= GUILTY_DEATHS) logger.error({ module, lane: row.lane, messageId: row.messageId, deaths: row.deaths }, 'message parked: every process that handled it died');
    if (lanes.succeeded(row.lane)) logger.info({ module, lane: row.lane }, 'the outbox relay sends again');
    metrics.relayed.inc({ module, destination: row.destination, outcome: 'confirmed' });
    metrics.relaySeconds.observe({ module, destination: row.destination }, Math.max(Date.now() - row.writtenAt.getTime(), 0) / 1_000);
    loop.wakeSoon();
  }

  function onFailed(row: ClaimedRow, error: unknown): void {
    if (!leave(row, false)) return;
    const name = error instanceof Error ? error.name : '';
    if (FINAL_FAULTS.has(name)) {
      park(row, error);
      return;
    }
    const closing = name === 'ClosedBeforeHandledError';
    const rowFault = ROW_FAULTS.has(name);
    const first = lanes.failed(row.lane, !closing && !rowFault);
    if (first || rowFault) logger.warn({ err: error, module, lane: row.lane, messageId: row.messageId, attempts: row.attempts }, 'an outbox row was not sent, it is tried again');
    metrics.relayed.inc({ module, destination: row.destination, outcome: 'failed' });
    const delayMs = closing ? 0 : Math.min(FIRST_ROW_DELAY_MS * 2 ** Math.min(row.attempts - 1, 10), LONGEST_ROW_DELAY_MS);
    // When this fails the lease runs out instead.
    table.release([row.id], delayMs, reasonOf(error)).catch(() => undefined);
    loop.wakeSoon();
  }

  function park({ id, lane, destination, messageId, attempts }: ClaimedRow, error: unknown): void {
    lanes.failed(lane, false);
    logger.error({ err: error, module, lane, messageId, attempts }, 'message parked in the outbox: no try can send it');
    metrics.relayed.inc({ module, destination, outcome: 'parked' });
    // When this fails the lease runs out, and it is tried once more.
    parked.park(id, reasonOf(error)).then(loop.wakeSoon, () => undefined);
  }

  /** Answers whether it was in flight. */
  function leave({ id }: ClaimedRow, isConfirmed: boolean): boolean {
    inFlight.get(id)?.settled(isConfirmed);
    return inFlight.delete(id);
  }

  async function look(): Promise<Look> {
    const removing = [...confirmed.values()];
    // Claimed rows count as in flight, so that nothing comes beside a suspect that is sent meanwhile.
    const out = isolation.enter();
    try {
      await suspects.look();
      const mostDeaths = isolation.closed() ? NO_MORTAL_ROWS : MOST_ORDINARY_DEATHS;
      const rows = await table.claim({ confirmed: removing.map(({ id }) => id), except: lanes.blocked(durableLane), mostDeaths, limit: rowsPerLane });
      for (const { id, destination, messageId } of removing) {
        confirmed.delete(id);
        passStep('relay marked', destination, messageId);
      }
      dispatch(rows);
      for (const lane of lanes.toProbe()) {
        lanes.probed(lane);
        dispatch(await table.claim({ confirmed: [], except: [], only: lane, mostDeaths, limit: 1 }));
      }
      return rows.length >= rowsPerLane ? 'full' : rows.length > 0 ? 'some' : 'nothing';
    } catch (error) {
      logger.warn({ err: error, module }, 'the outbox relay cannot reach its table');
      return 'failed';
    } finally {
      out();
    }
  }

  /** Answers how many are sent. */
  function dispatch(rows: readonly ClaimedRow[], settled: (isConfirmed: boolean) => void = () => undefined): number {
    const sinceMs = performance.now();
    // A row whose lease lapsed while the database was away is claimed again: that renewed the lease. The row is still on its way, or was confirmed before the claim was answered.
    const fresh = rows.filter(({ id }) => !inFlight.has(id) && !confirmed.has(id));
    for (const row of fresh) {
      const out = durable(row.target) ? undefined : isolation.enter();
      inFlight.set(row.id, { row, sinceMs, settled: (isConfirmed) => { out?.(); settled(isConfirmed); } });
      lanes.sent(row.lane);
      passStep('relay claimed', row.destination, row.messageId);
    }
    if (fresh.length > 0) send(fresh);
    return fresh.length;
  }

  async function renew(): Promise<void> {
    const olderThanMs = performance.now() - RENEW_EVERY_MS / 2;
    const ids = [...inFlight.values()].filter(({ sinceMs }) => sinceMs < olderThanMs).map(({ row }) => row.id);
    // When this fails the lease may run out, and another relay sends the row again: at least once.
    if (ids.length > 0) await table.renew(ids).catch(() => undefined);
  }

  async function inFlightEnds(): Promise<void> {
    const startedMs = performance.now();
    for (;;) {
      const elapsedMs = performance.now() - startedMs;
      const waitedFor = [...inFlight.values()].some(({ row }) => elapsedMs < (durable(row.target) ? CLOSE_WAIT_DURABLE_MS : CLOSE_WAIT_IN_PROCESS_MS));
      if (!waitedFor) return;
      await new Promise((resolve) => setTimeout(resolve, CLOSE_LOOK_EVERY_MS));
    }
  }

  return {
    start: () => {
      if (open) return;
      open = true;
      renewing = setInterval(() => void renew(), RENEW_EVERY_MS);
      loop.start();
    },
    wake: loop.wake,
    close: async () => {
      if (!open) return;
      open = false;
      await loop.stop();
      await suspects.stop();
      await inFlightEnds();
      clearInterval(renewing);
      const left = [...inFlight.keys()];
      for (const { settled } of inFlight.values()) settled(false);
      inFlight.clear();
      try {
        if (confirmed.size > 0) await table.remove([...confirmed.keys()]);
        if (left.length > 0) await table.release(left, 0, null);
      } catch (error) {
        logger.warn({ err: error, module }, 'the outbox relay could not give back its rows; they are sent again when its lease is over');
      }
    },
  };
}
