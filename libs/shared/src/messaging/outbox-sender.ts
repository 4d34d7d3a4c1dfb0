import { passStep } from '../telemetry/steps.ts';
import { GUILTY_DEATHS } from './deaths.ts';
import type { EventLog } from './event-log.ts';
import type { Message } from './message.ts';
import type { ClaimedRow } from './outbox-table.ts';
import type { TaskQueue } from './task-queue.ts';
import { startRelaySpans, TRACEPARENT_HEADER, type RelaySpans } from './tracing.ts';

export interface OutboxSenderOptions {
  eventLog: EventLog;
  taskQueue: TaskQueue;
  confirmed(row: ClaimedRow): void;
  failed(row: ClaimedRow, error: unknown): void;
}

/**
 * Sends claimed rows: to a durable backend in one call for each destination, within one process each row alone, because there it is confirmed when it was handled.
 * A batch that fails is sent again row by row, so that one bad row does not hold back its neighbours. Never rejects.
 */
export function createOutboxSender(options: OutboxSenderOptions): (rows: readonly ClaimedRow[]) => void {
  return (rows) => {
    for (const batch of batches(rows, options)) void sendBatch(batch, options);
  };
}

function batches(rows: readonly ClaimedRow[], options: OutboxSenderOptions): Iterable<readonly ClaimedRow[]> {
  const byDestination = new Map<string, ClaimedRow[]>();
  for (const row of rows) {
    const name = portOf(row, options).features.durable ? `${row.target} ${row.destination}` : row.id;
    const batch = byDestination.get(name);
    if (batch === undefined) byDestination.set(name, [row]);
    else batch.push(row);
  }
  return byDestination.values();
}

function portOf({ target }: ClaimedRow, { eventLog, taskQueue }: OutboxSenderOptions): EventLog | TaskQueue {
  return target === 'event' ? eventLog : taskQueue;
}

async function sendBatch(rows: readonly ClaimedRow[], options: OutboxSenderOptions): Promise<void> {
  try {
    await send(rows, options);
  } catch (error) {
    const [only] = rows;
    if (rows.length === 1 && only !== undefined) options.failed(only, error);
    else await Promise.all(rows.map((row) => sendBatch([row], options)));
    return;
  }
  for (const row of rows) options.confirmed(row);
}

async function send(rows: readonly ClaimedRow[], options: OutboxSenderOptions): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const port = portOf(first, options);
  const spans = rows.map((row) => spansOf(row, port.features.system));
  const messages = rows.map((row, index) => messageOf(row, spans[index]?.traceparent));
  const end = (error?: unknown): void => { for (const each of spans) each.end(error); };
  try {
    const confirmed = hand(first, messages, options);
    for (const { destination, messageId } of rows) passStep('relay sent', destination, messageId);
    // Within one process the confirmation is the handling, which has a span of its own.
    if (!port.features.durable) end();
    await confirmed;
    if (port.features.durable) end();
  } catch (error) {
    end(error);
    throw error;
  }
}

function hand(first: ClaimedRow, messages: readonly Message[], { eventLog, taskQueue }: OutboxSenderOptions): Promise<void> {
  const { target, destination, deaths } = first;
  const port = target === 'event' ? eventLog : taskQueue;
  const [message] = messages;
  // Such a row comes alone: it is for a port that is not durable.
  if (deaths >= GUILTY_DEATHS && message !== undefined && port.giveUp !== undefined) {
    return port.giveUp(destination, message, { attempts: deaths, reason: 'every process that handled it died' });
  }
  return target === 'event' ? eventLog.publish(destination, messages) : taskQueue.send(destination, messages);
}

function spansOf(row: ClaimedRow, system: string): RelaySpans {
  const { destination, key, messageId, headers, writtenAt, attempts } = row;
  return startRelaySpans({ system, destination, key, messageId, writtenAt, attempt: attempts, traceparent: headers[TRACEPARENT_HEADER] });
}

function messageOf({ messageId, key, headers, payload }: ClaimedRow, traceparent: string | undefined): Message {
  return { id: messageId, key, payload, headers: traceparent === undefined ? headers : { ...headers, [TRACEPARENT_HEADER]: traceparent } };
}
