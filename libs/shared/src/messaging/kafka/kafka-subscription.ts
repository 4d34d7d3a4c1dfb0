import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from '../message.ts';
import { answerOf } from './broker-answer.ts';
import { HAND_OVER_MS, startGroupConsumer, type GroupConsumer, type GroupConsumerOptions } from './group-consumer.ts';

/** A broker that has just started may need so long to load a group. */
const LOADING_DEADLINE_MS = 15_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

export interface KafkaSubscriptionOptions extends GroupConsumerOptions {
  drainDeadlineMs: number;
}

export interface KafkaSubscription extends Subscription {
  /** False while a consumer that failed was not replaced yet. */
  consuming(): boolean;
}

/** A member of a group that is made anew, with growing pauses, whenever it fails. Rejects when the first one cannot join, within 45 s. */
export async function startKafkaSubscription(options: KafkaSubscriptionOptions): Promise<KafkaSubscription> {
  const { group, logger, drainDeadlineMs } = options;
  const closing = new AbortController();
  const signal = AbortSignal.any([options.signal, closing.signal]);
  let consumer: GroupConsumer | undefined;
  let rebuilding: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    const started = await startGroupConsumer({ ...options, signal });
    consumer = started;
    void started.failed.then((error) => {
      if (!signal.aborted) rebuilding = rebuild(started, error);
    });
  }

  async function startFirst(): Promise<void> {
    const untilMs = performance.now() + LOADING_DEADLINE_MS;
    for (;;) {
      try {
        await start();
        return;
      } catch (error) {
        if (answerOf(error)?.retriable !== true || performance.now() > untilMs) throw error;
        await sleep(FIRST_PAUSE_MS, undefined, { signal });
      }
    }
  }

  async function rebuild(failed: GroupConsumer, error: Error): Promise<void> {
    consumer = undefined;
    logger.warn({ err: error, group }, 'a consumer of the event log failed, it is made anew');
    await failed.close(HAND_OVER_MS);
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await start();
        logger.info({ group }, 'the event log is consumed again');
        return;
      } catch (again) {
        logger.warn({ err: again, group, retryInMs: pauseMs }, 'the event log cannot be consumed now');
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    await consumer?.close(drainDeadlineMs);
    await rebuilding;
    await consumer?.close(drainDeadlineMs);
  }

  await startFirst();
  let closed: Promise<void> | undefined;
  return { consuming: () => consumer !== undefined, close: () => (closed ??= close()) };
}
