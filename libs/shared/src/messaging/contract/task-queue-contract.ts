import type { Exchange, Queue } from '@doubleshot/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import type { Message, Outcome } from '../message.ts';
import { isReplayed } from '../replayed.ts';
import type { TaskQueue, TaskQueueFeatures } from '../task-queue.ts';
import { chunks, createRecorder, DONE, gate, LARGE, message, messages, TOO_LARGE, TRACEPARENT, unique } from './recorder.ts';

export interface TaskQueueUnderTest {
  name: string;
  /** What the adapter declares: scenarios that its features leave no room for are not among its tests. */
  features: TaskQueueFeatures;
  /** Opens the queue: for one that several processes share, the same one each time. */
  open(): Promise<TaskQueue>;
  /** Ends the engine behind the queue at once and starts it again. */
  restartEngine?(): Promise<void>;
}

const RETRY_DELAYS_MS = [20, 60, 180];
const SEND_AGAIN_MS = 10;

/** What every task queue does. Up to 16 the numbers are those of Watermill's universal suite (pubsub/tests/test_pubsub.go); from 17 on our own. */
export function taskQueueContract({ name, features, open, restartEngine }: TaskQueueUnderTest): void {
  describe(`task queue: ${name}`, () => {
    let opened: TaskQueue[] = [];
    let tasks: TaskQueue;
    /** Where consumers live: elsewhere, if the queue can be shared. */
    let other: TaskQueue;
    let work: string;
    let queue: string;
    let live: string;
    let topology: { exchanges: Exchange[]; queues: Queue[] };

    const openOne = async (): Promise<TaskQueue> => {
      const one = await open();
      opened.push(one);
      await one.declare(topology);
      return one;
    };
    const bind = async (exchange: Exchange, bindings: readonly string[]): Promise<string[]> => {
      const queues = bindings.map((bindingKey) => ({ name: unique('bound'), exchange: exchange.name, bindingKey, retryDelaysMs: RETRY_DELAYS_MS }));
      await Promise.all([...new Set([tasks, other])].map((each) => each.declare({ exchanges: [exchange], queues })));
      return queues.map((each) => each.name);
    };
    const batch = (count: number): Message[] => messages(count, () => 'bean');

    beforeEach(async () => {
      [work, queue, live] = [unique('work'), unique('queue'), unique('live')];
      topology = {
        exchanges: [{ name: work, kind: 'direct', key: '' }, { name: live, kind: 'fanout', key: '' }],
        queues: [{ name: queue, exchange: work, bindingKey: 'bean', retryDelaysMs: RETRY_DELAYS_MS }],
      };
      tasks = await openOne();
      other = features.multiProcess ? await openOne() : tasks;
    });
    afterEach(async () => {
      await Promise.all(opened.map((one) => one.close()));
      opened = [];
    });

    test('the adapter has the features it declares', () => {
      expect(tasks.features).toEqual(features);
    });

    test('1 100 tasks arrive intact, with id, routing key, headers and payload', async () => {
      const recorder = createRecorder();
      const sent = batch(100).map((each) => ({ ...each, payload: `{"text":"${each.id} žluťoučký 𝒞 \\u0000 ' \\\\"}` }));
      await other.consume({ queue, prefetch: 10, handler: recorder.handler() });
      await tasks.send(work, sent);
      await eventually(() => recorder.distinct() === 100, 'all 100 arrive');
      const got = new Map(recorder.deliveries.map((delivery) => [delivery.message.id, delivery.message]));
      for (const each of sent) expect(got.get(each.id)).toEqual(each);
    });

    test('2 5,000 tasks of 50 senders reach 50 consumers', { timeout: 60_000 }, async () => {
      const recorder = createRecorder();
      const sent = batch(5_000);
      await Promise.all(Array.from({ length: 50 }, () => other.consume({ queue, prefetch: 20, handler: recorder.handler() })));
      await Promise.all(
        chunks(sent, Math.ceil(sent.length / 50)).map(async (own) => {
          for (const part of chunks(own, 20)) await tasks.send(work, part);
        }),
      );
      await eventually(() => recorder.missing(sent) === 0, 'all arrive');
    });

    test('3 10 queues in parallel', async () => {
      const exchange: Exchange = { name: unique('many'), kind: 'direct', key: '' };
      const keys = Array.from({ length: 10 }, (_, n) => `key-${n}`);
      const queues = await bind(exchange, keys);
      const recorder = createRecorder();
      await Promise.all(queues.map((each) => other.consume({ queue: each, prefetch: 10, handler: recorder.handler() })));
      const sent = keys.flatMap((key) => messages(30, () => key));
      await tasks.send(exchange.name, sent);
      await eventually(() => recorder.missing(sent) === 0, 'all 300 arrive');
    });

    test('4 a task whose handler fails comes again, with the next attempt number', async () => {
      const recorder = createRecorder();
      const fails = recorder.handler(({ attempt }) => {
        if (attempt === 1) throw new Error('no beans');
        return attempt === 2 ? { kind: 'retry', delayMs: 10, reason: 'no water' } : DONE;
      });
      await other.consume({ queue, prefetch: 1, handler: fails });
      await tasks.send(work, batch(1));
      await eventually(() => recorder.deliveries.length === 3, 'three attempts');
      expect(recorder.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    });

    test('6 5,000 tasks in 5 batches go on with the next consumer when one closes', { timeout: 60_000 }, async () => {
      const recorder = createRecorder();
      const sent = batch(5_000);
      const confirmed: Promise<void>[] = [];
      for (const part of chunks(sent, Math.ceil(sent.length / 5))) {
        const before = recorder.distinct();
        const consumer = await other.consume({ queue, prefetch: 50, handler: recorder.handler() });
        confirmed.push(...chunks(part, 250).map((each) => tasks.send(work, each)));
        await eventually(() => recorder.distinct() > before, 'some of the batch arrive');
        await consumer.close();
      }
      await other.consume({ queue, prefetch: 50, handler: recorder.handler() });
      await eventually(() => recorder.missing(sent) === 0, 'all arrive');
      await Promise.all(confirmed);
    });

    test('7 close is idempotent, may be called many times at once and works while handlers are blocked', async () => {
      const running = gate();
      const consumer = await other.consume({
        queue,
        prefetch: 5,
        handler: () => {
          running.open();
          return new Promise(() => undefined);
        },
      });
      const confirmed = tasks.send(work, batch(10)).catch(() => undefined);
      await running.opened;
      await Promise.all([consumer.close(), consumer.close(), other.close(), tasks.close(), other.close()]);
      await confirmed;
      await expect(tasks.send(work, batch(1))).rejects.toThrow();
    });

    test('8 100 tasks that fail three times each all get through', async () => {
      const recorder = createRecorder();
      const fails = recorder.handler(({ attempt }) => (attempt <= 3 ? { kind: 'retry', delayMs: 5, reason: 'not yet' } : DONE));
      await other.consume({ queue, prefetch: 20, handler: fails });
      await tasks.send(work, batch(100));
      await eventually(() => recorder.deliveries.filter(({ attempt }) => attempt === 4).length === 100, 'all get through');
    });

    if (features.multiProcess) {
      test('10 10,000 tasks of senders that close are all there', { timeout: 90_000 }, async () => {
        const sent = batch(10_000);
        for (const part of chunks(sent, Math.ceil(sent.length / 4))) {
          const sender = await openOne();
          await Promise.all(chunks(part, 500).map((each) => sender.send(work, each)));
          await sender.close();
        }
        const recorder = createRecorder();
        await other.consume({ queue, prefetch: 200, handler: recorder.handler() });
        await eventually(() => recorder.missing(sent) === 0, 'all arrive', 80_000);
      });
    }

    test('11 queues do not leak into each other', async () => {
      const exchange: Exchange = { name: unique('split'), kind: 'direct', key: '' };
      const [left = '', right = ''] = await bind(exchange, ['left', 'right']);
      const [one, two] = [createRecorder(), createRecorder()];
      await other.consume({ queue: left, prefetch: 10, handler: one.handler() });
      await other.consume({ queue: right, prefetch: 10, handler: two.handler() });
      await tasks.send(exchange.name, [...messages(30, () => 'left'), ...messages(30, () => 'right')]);
      await eventually(() => one.distinct() === 30 && two.distinct() === 30, 'both get their own');
      expect(one.deliveries.every(({ message: { key }, source }) => key === 'left' && source === left)).toBe(true);
      expect(two.deliveries.every(({ message: { key }, source }) => key === 'right' && source === right)).toBe(true);
    });

    test('12 each delivery has its own context: message, source, attempt, signal', async () => {
      const recorder = createRecorder();
      const sent = batch(20).map((each) => ({ ...each, headers: { traceparent: `00-${each.id.replaceAll('-', '')}-0000000000000001-01` } }));
      await other.consume({ queue, prefetch: 10, handler: recorder.handler() });
      await tasks.send(work, sent);
      await eventually(() => recorder.distinct() === 20, 'all arrive');
      for (const { message: got, source, group, attempt, signal } of recorder.deliveries) {
        expect(got.headers.traceparent).toContain(got.id.replaceAll('-', ''));
        expect({ source, group, attempt, aborted: signal.aborted }).toEqual({ source: queue, group: queue, attempt: 1, aborted: false });
      }
    });

    test('13 a consumer that is cancelled loses nothing for the next', async () => {
      const recorder = createRecorder();
      const started = gate();
      const cancelled = await other.consume({
        queue,
        prefetch: 10,
        handler: async () => {
          started.open();
          await new Promise((resolve) => setTimeout(resolve, 5));
          return { kind: 'retry', delayMs: 20, reason: 'never done' };
        },
      });
      const sent = batch(100);
      const confirmed = tasks.send(work, sent);
      await started.opened;
      await cancelled.close();
      await other.consume({ queue, prefetch: 10, handler: recorder.handler() });
      await eventually(() => recorder.missing(sent) === 0, 'all arrive at the next');
      await confirmed;
    });

    if (restartEngine !== undefined) {
      test('15 10,000 tasks all arrive although the engine restarts at 1/3 and at 1/2', { timeout: 300_000 }, async () => {
        const recorder = createRecorder();
        const sent = batch(10_000);
        await other.consume({ queue, prefetch: 200, handler: recorder.handler() });
        const batches = chunks(sent, Math.ceil(sent.length / 60));
        for (const [n, part] of batches.entries()) {
          const restarted = n === Math.floor(batches.length / 3) || n === Math.floor(batches.length / 2) ? restartEngine() : undefined;
          const send = (): Promise<boolean> => tasks.send(work, part).then(() => true, () => false);
          // Sends go on throughout, but the limit is the queue's own: how long the engine takes to start is not counted.
          if (await sentMeanwhile(send, restarted)) continue;
          await eventually(send, 'the batch is sent in the end');
        }
        await eventually(() => recorder.missing(sent) === 0, 'all arrive', 90_000);
        await eventually(async () => (await other.depths()).every(({ ready, retrying, dead }) => ready + retrying + dead === 0), 'nothing is left');
      });
    }

    test('17 consumers of one queue compete: each task is handled by one', async () => {
      const [one, two] = [createRecorder(), createRecorder()];
      const slowly = async (): Promise<typeof DONE> => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return DONE;
      };
      await other.consume({ queue, prefetch: 5, handler: one.handler(slowly) });
      await tasks.consume({ queue, prefetch: 5, handler: two.handler(slowly) });
      await tasks.send(work, batch(200));
      await eventually(() => one.deliveries.length + two.deliveries.length >= 200, 'all are handled');
      expect(one.deliveries.length + two.deliveries.length).toBe(200);
      expect(Math.min(one.deliveries.length, two.deliveries.length)).toBeGreaterThan(0);
    });

    test('18 a consumer never holds more than its prefetch', async () => {
      let held = 0;
      let most = 0;
      const recorder = createRecorder();
      const handler = recorder.handler(async () => {
        most = Math.max(most, ++held);
        await new Promise((resolve) => setTimeout(resolve, 5));
        held -= 1;
        return DONE;
      });
      await other.consume({ queue, prefetch: 7, handler });
      await tasks.send(work, batch(100));
      await eventually(() => recorder.deliveries.length === 100, 'all are handled');
      expect(most).toBeLessThanOrEqual(7);
      expect(most).toBeGreaterThan(1);
    });

    test('19 a task that is retried waits as long as it was told, longer each time, and holds nobody back', async () => {
      const at: number[] = [];
      const recorder = createRecorder();
      const handler = recorder.handler(({ message: { payload }, attempt }) => {
        if (payload !== 'slow') return DONE;
        at.push(performance.now());
        const delayMs = [100, 300, 600][attempt - 1];
        return delayMs === undefined ? DONE : { kind: 'retry', delayMs, reason: 'not yet' };
      });
      await other.consume({ queue, prefetch: 5, handler });
      const confirmed = tasks.send(work, [message('bean', 'slow'), ...batch(30)]);
      await eventually(() => recorder.distinct() === 31, 'neighbours do not wait');
      await eventually(() => at.length === 4, 'three retries');
      const waits = at.slice(1).map((time, n) => time - (at[n] ?? 0));
      for (const [n, delayMs] of [100, 300, 600].entries()) {
        expect(waits[n]).toBeGreaterThanOrEqual(delayMs - 5);
        expect(waits[n]).toBeLessThan(delayMs + 5_000);
      }
      await confirmed;
    });

    test('20 a poison task is parked with its reason and attempts, oldest first, and its neighbours go on', async () => {
      const recorder = createRecorder();
      const handler = recorder.handler(({ message: { payload }, attempt }) => {
        if (!payload.startsWith('poison')) return DONE;
        return attempt < 3 ? { kind: 'retry', delayMs: 5, reason: 'bitter' } : { kind: 'park', reason: `too bitter: ${payload}` };
      });
      await other.consume({ queue, prefetch: 1, handler });
      const poison = [message('bean', 'poison 1'), message('bean', 'poison 2')];
      const neighbours = batch(20);
      await tasks.send(work, [...poison.slice(0, 1), ...neighbours]);
      await eventually(async () => (await tasks.parked(queue, 10)).length === 1, 'the first is parked');
      await tasks.send(work, poison.slice(1));
      await eventually(async () => (await tasks.parked(queue, 10)).length === 2, 'the second is parked');
      expect(recorder.missing(neighbours)).toBe(0);
      expect(await tasks.parked(queue, 10)).toMatchObject(
        poison.map((each) => ({ message: each, source: queue, group: queue, attempts: 3, reason: `too bitter: ${each.payload}` })),
      );
      expect(await tasks.parked(queue, 1)).toHaveLength(1);
      expect((await tasks.depths()).find((each) => each.queue === queue)).toEqual({ queue, ready: 0, retrying: 0, dead: 2 });
    });

    test('21 parked tasks are replayed with a fresh number of tries', async () => {
      let cured = false;
      const recorder = createRecorder();
      await other.consume({ queue, prefetch: 5, handler: recorder.handler(() => (cured ? DONE : { kind: 'park', reason: 'bitter' })) });
      const sent = batch(20);
      await tasks.send(work, sent);
      await eventually(async () => (await tasks.parked(queue, 100)).length === 20, 'all are parked');
      cured = true;
      expect(await tasks.replay(queue)).toBe(20);
      await eventually(() => recorder.deliveries.length === 40, 'all come again');
      expect(recorder.deliveries.slice(20).every(({ attempt }) => attempt === 1)).toBe(true);
      expect(recorder.deliveries.filter(({ message: each }) => isReplayed(each))).toHaveLength(20);
      expect(await tasks.parked(queue, 100)).toEqual([]);
      expect(await tasks.replay(queue)).toBe(0);
    });

    test('22 a task that no queue is bound for is refused as unroutable', async () => {
      await expect(tasks.send(work, [message('tea')])).rejects.toMatchObject({ name: 'UnroutableError', exchange: work, routingKey: 'tea' });
      await expect(tasks.send('never.declared', [message('bean')])).rejects.toThrow('never.declared');
      await expect(tasks.consume({ queue: 'never.declared', prefetch: 1, handler: () => Promise.resolve(DONE) })).rejects.toThrow('never.declared');
    });

    test('23 a broadcast reaches every subscriber, small or large, and nobody who came later or left', async () => {
      const got: string[][] = [[], [], []];
      const [one, two] = [await other.subscribeBroadcast(live, ({ payload }) => got[0]?.push(payload)), await tasks.subscribeBroadcast(live, ({ payload }) => got[1]?.push(payload))];
      const large = 'x'.repeat(50_000);
      await tasks.broadcast(live, message('', 'small'));
      await tasks.broadcast(live, message('', large));
      await eventually(() => got[0]?.length === 2 && got[1]?.length === 2, 'both get both');
      expect(got[0]?.toSorted()).toEqual(['small', large]);
      await two.close();
      await other.subscribeBroadcast(live, ({ payload }) => got[2]?.push(payload));
      await tasks.broadcast(live, message('', 'third'));
      await eventually(() => got[0]?.length === 3 && got[2]?.length === 1, 'those who listen now get it');
      expect(got[1]).toHaveLength(2);
      await one.close();
      await expect(tasks.broadcast(work, message('', 'x'))).rejects.toThrow('fanout');
    });

    test('24 topic exchanges route by words, * and #; a task goes to every queue that is bound', async () => {
      const exchange: Exchange = { name: unique('topics'), kind: 'topic', key: '' };
      const bindings = ['email.#', 'inapp.#', '*.order.ready', '#'];
      const queues = await bind(exchange, bindings);
      const seen = new Map<string, string[]>(bindings.map((binding) => [binding, []]));
      await Promise.all(
        queues.map((each, n) =>
          other.consume({ queue: each, prefetch: 5, handler: ({ message: { key } }) => { seen.get(bindings[n] ?? '')?.push(key); return Promise.resolve(DONE); } }),
        ),
      );
      await tasks.send(exchange.name, ['email', 'email.order.ready', 'inapp.order.cancelled', 'sms.order.ready.now'].map((key) => message(key)));
      await eventually(() => [...seen.values()].flat().length === 8, 'all copies arrive');
      expect(Object.fromEntries([...seen].map(([binding, keys]) => [binding, keys.toSorted()]))).toEqual({
        'email.#': ['email', 'email.order.ready'],
        'inapp.#': ['inapp.order.cancelled'],
        '*.order.ready': ['email.order.ready'],
        '#': ['email', 'email.order.ready', 'inapp.order.cancelled', 'sms.order.ready.now'],
      });
    });

    test('25 tasks sent before there is a consumer wait for one', async () => {
      const recorder = createRecorder();
      const confirmed = tasks.send(work, batch(10));
      await eventually(async () => (await tasks.depths()).find((each) => each.queue === queue)?.ready === 10, 'they wait');
      await other.consume({ queue, prefetch: 5, handler: recorder.handler() });
      await eventually(() => recorder.distinct() === 10, 'they arrive');
      await confirmed;
    });

    test('26 a try that does not count leaves the attempt number as it is', async () => {
      const recorder = createRecorder();
      const outcomes: Outcome[] = [true, false, false, true].map((counts) => ({ kind: 'retry', delayMs: 10, reason: 'not yet', counts }));
      await other.consume({ queue, prefetch: 1, handler: recorder.handler(() => outcomes.shift() ?? DONE) });
      await tasks.send(work, batch(1));
      await eventually(() => recorder.deliveries.length === 5, 'five deliveries');
      expect(recorder.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 2, 2, 3]);
    });

    test('27 a replay ends although what it moves is parked again meanwhile', async () => {
      await other.consume({ queue, prefetch: 50, handler: () => Promise.resolve({ kind: 'park', reason: 'bitter' }) });
      const sent = batch(1_200);
      await tasks.send(work, sent);
      const parked = async (): Promise<number> => (await tasks.depths()).find((each) => each.queue === queue)?.dead ?? 0;
      await eventually(async () => (await parked()) === sent.length, 'all are parked');
      expect(await tasks.replay(queue)).toBe(sent.length);
      await eventually(async () => (await parked()) === sent.length, 'all are parked again, each once');
    });

    test('29 a call with a task that is too large is refused whole, and so is a broadcast; a large one arrives intact', async () => {
      const recorder = createRecorder();
      await other.consume({ queue, prefetch: 5, handler: recorder.handler() });
      await expect(tasks.send(work, [message('bean'), message('bean', TOO_LARGE)])).rejects.toMatchObject({ name: 'MessageTooLargeError' });
      await expect(tasks.broadcast(live, message('', TOO_LARGE))).rejects.toMatchObject({ name: 'MessageTooLargeError' });
      const large = message('bean', LARGE);
      await tasks.send(work, [large]);
      await eventually(() => recorder.distinct() > 0, 'the large one arrives');
      expect(recorder.deliveries.map((delivery) => delivery.message)).toEqual([large]);
    });

    if (!features.durable) {
      test('28 a task that is given up is parked unhandled, and can be replayed', async () => {
        const recorder = createRecorder();
        const deadly = message('bean', 'deadly');
        await tasks.giveUp?.(work, deadly, { attempts: 5, reason: 'it kills' });
        await other.consume({ queue, prefetch: 5, handler: recorder.handler() });
        expect(await tasks.parked(queue, 10)).toMatchObject([{ message: deadly, source: queue, group: queue, attempts: 5, reason: 'it kills' }]);
        expect(recorder.deliveries).toEqual([]);
        expect(await tasks.replay(queue)).toBe(1);
        await eventually(() => recorder.distinct() === 1, 'it is handled');
        await expect(tasks.giveUp?.(work, message('tea'), { attempts: 5, reason: 'it kills' })).rejects.toMatchObject({ name: 'UnroutableError' });
      });
    }

    test('29 retries, a dead letter and its replay keep the trace of the task', async () => {
      const traced = { ...message('bean'), headers: { traceparent: TRACEPARENT } };
      const recorder = createRecorder();
      const outcomes: Outcome[] = [{ kind: 'retry', delayMs: 10, reason: 'bitter' }, { kind: 'retry', delayMs: 300, reason: 'bitter' }, { kind: 'park', reason: 'too bitter' }];
      await other.consume({ queue, prefetch: 1, handler: recorder.handler(() => outcomes.shift() ?? DONE) });
      await tasks.send(work, [traced]);
      await eventually(async () => (await tasks.parked(queue, 10)).length === 1, 'it is parked');
      expect(await tasks.parked(queue, 10)).toMatchObject([{ message: { headers: { traceparent: TRACEPARENT } } }]);
      expect(await tasks.replay(queue)).toBe(1);
      await eventually(() => recorder.deliveries.length === 4, 'it comes again');
      const delivered = recorder.deliveries.map(({ attempt, message: each }) => [attempt, isReplayed(each), each.headers.traceparent]);
      expect(delivered).toEqual([[1, false, TRACEPARENT], [2, false, TRACEPARENT], [3, false, TRACEPARENT], [1, true, TRACEPARENT]]);
    });
  });
}

/** Sends again and again until `restarted` settles, and once at least; answers whether it succeeded. Rejects when the engine could not be restarted. */
async function sentMeanwhile(send: () => Promise<boolean>, restarted: Promise<void> | undefined): Promise<boolean> {
  let over = restarted === undefined;
  const end = restarted?.finally(() => { over = true; });
  end?.catch(() => undefined);
  let sent = await send();
  while (!sent && !over) {
    await new Promise((resolve) => setTimeout(resolve, SEND_AGAIN_MS));
    sent = await send();
  }
  await end;
  return sent;
}
