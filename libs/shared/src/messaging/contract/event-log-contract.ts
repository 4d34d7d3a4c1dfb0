import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../tests/setup/eventually.ts';
import type { EventLog, EventLogFeatures } from '../event-log.ts';
import type { Delivery, Outcome, Subscription } from '../message.ts';
import { isReplayed } from '../replayed.ts';
import { chunks, createRecorder, DONE, gate, LARGE, message, messages, TOO_LARGE, TRACEPARENT, unique } from './recorder.ts';

export interface EventLogUnderTest {
  name: string;
  /** What the adapter declares: scenarios that its features leave no room for are not among its tests. */
  features: EventLogFeatures;
  /** Opens the log: for one that several processes share, the same one each time. */
  open(): Promise<EventLog>;
  /** Ends the engine behind the log at once and starts it again. */
  restartEngine?(): Promise<void>;
}

const PARTITIONS = 4;

/** What every event log does. The numbers are those of Watermill's universal suite (pubsub/tests/test_pubsub.go); from 17 on our own. */
export function eventLogContract({ name, features, open, restartEngine }: EventLogUnderTest): void {
  describe(`event log: ${name}`, () => {
    let opened: EventLog[] = [];
    let log: EventLog;
    /** Where subscribers live: elsewhere, if the log can be shared. */
    let other: EventLog;
    let topic: string;

    const openOne = async (): Promise<EventLog> => {
      const one = await open();
      opened.push(one);
      return one;
    };
    const declare = async (topicName: string): Promise<string> => {
      await log.declare([{ name: topicName, partitions: PARTITIONS }]);
      return topicName;
    };

    beforeEach(async () => {
      log = await openOne();
      other = features.multiProcess ? await openOne() : log;
      topic = await declare(unique('topic'));
    });
    afterEach(async () => {
      await Promise.all(opened.map((one) => one.close()));
      opened = [];
    });

    test('the adapter has the features it declares', () => {
      expect(log.features).toEqual(features);
    });

    test('1 100 messages arrive intact, with id, key, headers and payload', async () => {
      const recorder = createRecorder();
      const sent = messages(100, (n) => `key-${n}`).map((each) => ({ ...each, payload: `{"text":"${each.id} žluťoučký 𝒞 \\u0000 ' \\\\"}` }));
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
      await log.publish(topic, sent);
      await eventually(() => recorder.distinct() === 100, 'all 100 arrive');
      const got = new Map(recorder.deliveries.map((delivery) => [delivery.message.id, delivery.message]));
      for (const each of sent) expect(got.get(each.id)).toEqual(each);
    });

    test('2 5,000 messages of 50 publishers reach 50 subscribers of one group', async () => {
      const recorder = createRecorder();
      const sent = messages(5_000, (n) => `key-${n % 500}`);
      await Promise.all(Array.from({ length: 50 }, () => other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() })));
      await Promise.all(
        chunks(sent, Math.ceil(sent.length / 50)).map(async (own) => {
          for (const batch of chunks(own, 10)) await log.publish(topic, batch);
        }),
      );
      await eventually(() => recorder.missing(sent) === 0, 'all arrive');
    });

    test('3 20 topics in parallel', async () => {
      const topics = await Promise.all(Array.from({ length: 20 }, () => declare(unique('parallel'))));
      const recorder = createRecorder();
      await other.subscribe({ group: 'g', topics, handler: recorder.handler() });
      const sent = topics.map((each) => ({ each, batch: messages(50, (n) => `key-${n}`) }));
      await Promise.all(sent.map(({ each, batch }) => log.publish(each, batch)));
      await eventually(() => recorder.missing(sent.flatMap(({ batch }) => batch)) === 0, 'all 1,000 arrive');
    });

    test('4 a message whose handler fails comes again, with the next attempt number', async () => {
      const recorder = createRecorder();
      const fails = recorder.handler(({ attempt }) => {
        if (attempt === 1) throw new Error('no beans');
        return attempt === 2 ? { kind: 'retry', delayMs: 10, reason: 'no water' } : DONE;
      });
      await other.subscribe({ group: 'g', topics: [topic], handler: fails });
      await log.publish(topic, [message('a')]);
      await eventually(() => recorder.deliveries.length === 3, 'three attempts');
      expect(recorder.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    });

    test('5 a message that is not acknowledged holds back the next of its key, and none of other keys', async () => {
      const recorder = createRecorder();
      const first = gate();
      const hold = recorder.handler(async (delivery) => {
        if (delivery.message.payload === 'first') await first.opened;
        return DONE;
      });
      await other.subscribe({ group: 'g', topics: [topic], handler: hold });
      const published = Promise.all([log.publish(topic, [message('a', 'first'), message('a', 'second')]), log.publish(topic, messages(20, (n) => `other-${n}`))]);
      await eventually(() => recorder.distinct() === 21, 'the first and those of other keys arrive');
      expect(recorder.deliveries.some((delivery) => delivery.message.payload === 'second')).toBe(false);
      first.open();
      await eventually(() => recorder.distinct() === 22, 'the second arrives after the first was acknowledged');
      await published;
    });

    test('6 5,000 messages in 5 batches go on with the next subscriber when one closes', async () => {
      const recorder = createRecorder();
      const sent = messages(5_000, (n) => `key-${n % 64}`);
      const published: Promise<void>[] = [];
      for (const batch of chunks(sent, Math.ceil(sent.length / 5))) {
        const before = recorder.distinct();
        const subscription = await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
        published.push(log.publish(topic, batch));
        await eventually(() => recorder.distinct() > before, 'some of the batch arrive');
        await subscription.close();
      }
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
      await eventually(() => recorder.missing(sent) === 0, 'all arrive');
      await Promise.all(published);
    });

    test('7 close is idempotent, may be called many times at once and works while handlers are blocked', async () => {
      const running = gate();
      const subscription = await other.subscribe({
        group: 'g',
        topics: [topic],
        handler: () => {
          running.open();
          return new Promise(() => undefined);
        },
      });
      const published = log.publish(topic, messages(10, (n) => `key-${n}`)).catch(() => undefined);
      await running.opened;
      await Promise.all([subscription.close(), subscription.close(), other.close(), log.close(), other.close()]);
      await published;
      await expect(log.publish(topic, [message('late')])).rejects.toThrow();
    });

    test('8 100 messages that fail three times each all get through', async () => {
      const recorder = createRecorder();
      const fails = recorder.handler(({ attempt }) => (attempt <= 3 ? { kind: 'retry', delayMs: 5, reason: 'not yet' } : DONE));
      const sent = messages(100, (n) => `key-${n % 20}`);
      await other.subscribe({ group: 'g', topics: [topic], handler: fails });
      await log.publish(topic, sent);
      await eventually(() => recorder.deliveries.filter(({ attempt }) => attempt === 4).length === 100, 'all get through');
    });

    test('9 1,000 messages of 16 keys keep their order per key, also over failures', async () => {
      const order = new Map<string, number[]>();
      const recorder = createRecorder();
      const handler = recorder.handler(({ message: { key, payload }, attempt }) => {
        if (Number(payload) % 50 === 0 && attempt < 3) return { kind: 'retry', delayMs: 10, reason: 'once more' };
        order.set(key, [...(order.get(key) ?? []), Number(payload)]);
        return DONE;
      });
      await Promise.all([1, 2, 3].map(() => other.subscribe({ group: 'g', topics: [topic], handler })));
      const sent = messages(1_000, (n) => `key-${n % 16}`);
      for (const batch of chunks(sent, 100)) await log.publish(topic, batch);
      await eventually(() => recorder.missing(sent) === 0, 'all arrive');
      await eventually(() => [...order.values()].flat().length >= 1_000, 'all are handled');
      for (const [key, numbers] of order) {
        const firsts = [...new Set(numbers)];
        expect(firsts, key).toEqual(firsts.toSorted((one, two) => one - two));
      }
    });

    if (features.multiProcess) {
      test('10 10,000 messages of publishers that close are all there', async () => {
        const sent = messages(10_000, (n) => `key-${n % 200}`);
        for (const batch of chunks(sent, Math.ceil(sent.length / 4))) {
          const publisher = await openOne();
          await Promise.all(chunks(batch, 250).map((part) => publisher.publish(topic, part)));
          await publisher.close();
        }
        const recorder = createRecorder();
        await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
        await eventually(() => recorder.missing(sent) === 0, 'all arrive');
      });
    }

    test('11 topics do not leak into each other', async () => {
      const second = await declare(unique('second'));
      const [one, two] = [createRecorder(), createRecorder()];
      await other.subscribe({ group: 'one', topics: [topic], handler: one.handler() });
      await other.subscribe({ group: 'two', topics: [second], handler: two.handler() });
      await Promise.all([log.publish(topic, messages(50, (n) => `key-${n}`)), log.publish(second, messages(50, (n) => `key-${n}`))]);
      await eventually(() => one.deliveries.length >= 50 && two.deliveries.length >= 50, 'both get their own');
      expect(one.deliveries.every(({ source }) => source === topic)).toBe(true);
      expect(two.deliveries.every(({ source }) => source === second)).toBe(true);
    });

    test('12 each delivery has its own context: message, source, group, attempt, signal', async () => {
      const recorder = createRecorder();
      const sent = messages(20, (n) => `key-${n}`).map((each) => ({ ...each, headers: { traceparent: `00-${each.id.replaceAll('-', '')}-0000000000000001-01` } }));
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
      await log.publish(topic, sent);
      await eventually(() => recorder.distinct() === 20, 'all arrive');
      for (const { message: got, source, group, attempt, signal } of recorder.deliveries) {
        expect(got.headers.traceparent).toContain(got.id.replaceAll('-', ''));
        expect({ source, group, attempt, aborted: signal.aborted }).toEqual({ source: topic, group: 'g', attempt: 1, aborted: false });
      }
    });

    test('13 a subscription that is cancelled loses nothing for the next', async () => {
      const recorder = createRecorder();
      const started = gate();
      const slow = async (): Promise<{ kind: 'retry'; delayMs: number; reason: string }> => {
        started.open();
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { kind: 'retry', delayMs: 20, reason: 'never done' };
      };
      const cancelled = await other.subscribe({ group: 'g', topics: [topic], handler: slow });
      const sent = messages(200, (n) => `key-${n}`);
      const published = log.publish(topic, sent);
      await started.opened;
      await cancelled.close();
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
      await eventually(() => recorder.missing(sent) === 0, 'all arrive at the next');
      await published;
    });

    test('14 a new group reads from the beginning, in order per key', async () => {
      const sent = messages(300, (n) => `key-${n % 10}`);
      const early = createRecorder();
      await other.subscribe({ group: 'early', topics: [topic], handler: early.handler() });
      for (const batch of chunks(sent, 30)) await log.publish(topic, batch);
      const late = createRecorder();
      await other.subscribe({ group: 'late', topics: [topic], handler: late.handler() });
      await eventually(() => early.missing(sent) === 0 && late.missing(sent) === 0, 'both read all');
      const ofFirstKey = late.deliveries.filter(({ message: { key } }) => key === 'key-0').map(({ message: { payload } }) => Number(payload));
      expect(ofFirstKey).toEqual(ofFirstKey.toSorted((one, two) => one - two));
    });

    if (restartEngine !== undefined) {
      test('15 10,000 messages all arrive although the engine restarts at 1/3 and at 1/2', { timeout: 240_000 }, async () => {
        const recorder = createRecorder();
        const sent = messages(10_000, (n) => `key-${n % 100}`);
        await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
        const batches = chunks(sent, Math.ceil(sent.length / 60));
        for (const [n, batch] of batches.entries()) {
          const restarted = n === Math.floor(batches.length / 3) || n === Math.floor(batches.length / 2) ? restartEngine() : undefined;
          await eventually(() => log.publish(topic, batch).then(() => true, () => false), 'the batch is published in the end', 90_000);
          await restarted;
        }
        await eventually(() => recorder.missing(sent) === 0, 'all arrive', 60_000);
        await eventually(async () => (await other.lag()).every((each) => each.topic !== topic || each.lag === 0), 'nothing is left');
      });
    }

    test('16 two groups each get everything', async () => {
      const [one, two] = [createRecorder(), createRecorder()];
      const sent = messages(500, (n) => `key-${n % 40}`);
      await other.subscribe({ group: 'one', topics: [topic], handler: one.handler() });
      await log.subscribe({ group: 'two', topics: [topic], handler: two.handler() });
      await log.publish(topic, sent);
      await eventually(() => one.missing(sent) === 0 && two.missing(sent) === 0, 'both get all');
    });

    test('17 a poison message is parked with its reason, its neighbours go on, and it can be replayed', async () => {
      let cured = false;
      const recorder = createRecorder();
      const handler = recorder.handler(({ message: { payload }, attempt }: Delivery) => {
        if (payload !== 'poison' || cured) return DONE;
        return attempt < 3 ? { kind: 'retry', delayMs: 10, reason: 'bitter' } : { kind: 'park', reason: 'too bitter' };
      });
      await other.subscribe({ group: 'g', topics: [topic], handler });
      const poison = message('a', 'poison');
      const neighbours = [message('a', 'before'), ...messages(20, (n) => `key-${n}`), message('a', 'after')];
      await log.publish(topic, [neighbours[0] ?? poison, poison, ...neighbours.slice(1)]);
      await eventually(() => recorder.missing(neighbours) === 0, 'neighbours are handled');
      await eventually(async () => (await log.parked(topic, 10)).length === 1, 'it is parked');
      expect((await log.parked(topic, 10))[0]).toMatchObject({ message: poison, source: topic, group: 'g', attempts: 3, reason: 'too bitter' });
      cured = true;
      const before = recorder.deliveries.length;
      expect(await log.replay(topic)).toBe(1);
      await eventually(() => recorder.deliveries.length === before + 1, 'it comes again');
      expect(recorder.deliveries.at(-1)).toMatchObject({ message: poison, attempt: 1, group: 'g' });
      expect(recorder.deliveries.map(({ message: each }) => isReplayed(each)).lastIndexOf(false)).toBe(before - 1);
      await eventually(async () => (await log.parked(topic, 10)).length === 0, 'it is parked no more');
    });

    test('18 what was not declared is refused, and declaring twice changes nothing', async () => {
      await expect(log.publish('never.declared', [message('a')])).rejects.toThrow('never.declared');
      await expect(log.subscribe({ group: 'g', topics: ['never.declared'], handler: () => Promise.resolve(DONE) })).rejects.toThrow('never.declared');
      const recorder = createRecorder();
      await log.publish(topic, [message('a')]);
      await declare(topic);
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
      await eventually(() => recorder.distinct() === 1, 'what was published stays');
    });

    test('19 lag counts what a group has not handled, per topic', async () => {
      const held = gate();
      const subscription: Subscription = await other.subscribe({ group: 'g', topics: [topic], handler: () => held.opened.then(() => DONE) });
      const published = log.publish(topic, messages(30, (n) => `key-${n}`));
      const lagOf = async (): Promise<number | undefined> => (await log.lag()).find((each) => each.topic === topic && each.group === 'g')?.lag;
      await eventually(async () => (await lagOf()) === 30, 'all 30 lag');
      held.open();
      await published;
      await eventually(async () => (await lagOf()) === 0, 'none lags');
      await subscription.close();
    });

    test('20 a try that does not count leaves the attempt number as it is', async () => {
      const recorder = createRecorder();
      const outcomes: Outcome[] = [true, false, false, true].map((counts) => ({ kind: 'retry', delayMs: 10, reason: 'not yet', counts }));
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler(() => outcomes.shift() ?? DONE) });
      await log.publish(topic, [message('a')]);
      await eventually(() => recorder.deliveries.length === 5, 'five deliveries');
      expect(recorder.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 2, 2, 3]);
    });

    test('22 a call with a message that is too large is refused whole; a large one arrives intact', async () => {
      const recorder = createRecorder();
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler() });
      await expect(log.publish(topic, [message('a'), message('b', TOO_LARGE)])).rejects.toMatchObject({ name: 'MessageTooLargeError' });
      const large = message('a', LARGE);
      await log.publish(topic, [large]);
      await eventually(() => recorder.distinct() > 0, 'the large one arrives');
      expect(recorder.deliveries.map((delivery) => delivery.message)).toEqual([large]);
    });

    if (!features.durable) {
      test('21 a message that is given up is parked by every group, also one that comes later, unhandled, and can be replayed', async () => {
        const recorder = createRecorder();
        await other.subscribe({ group: 'one', topics: [topic], handler: recorder.handler() });
        const deadly = message('a', 'deadly');
        await log.giveUp?.(topic, deadly, { attempts: 5, reason: 'it kills' });
        await other.subscribe({ group: 'two', topics: [topic], handler: recorder.handler() });
        await log.publish(topic, [message('a', 'after')]);
        await eventually(async () => (await log.parked(topic, 10)).length === 2, 'both groups have parked it');
        expect(recorder.deliveries.map(({ message: { payload } }) => payload)).toEqual(['after', 'after']);
        expect(await log.parked(topic, 10)).toMatchObject(['one', 'two'].map((group) => ({ message: deadly, source: topic, group, attempts: 5, reason: 'it kills' })));
        expect(await log.replay(topic)).toBe(2);
        await eventually(() => recorder.deliveries.length === 4, 'both handle it');
      });
    }

    test('22 retries, a dead letter and its replay keep the trace of the message', async () => {
      const traced = { ...message('a'), headers: { traceparent: TRACEPARENT } };
      const recorder = createRecorder();
      const outcomes: Outcome[] = [{ kind: 'retry', delayMs: 10, reason: 'bitter' }, { kind: 'retry', delayMs: 50, reason: 'bitter' }, { kind: 'park', reason: 'too bitter' }];
      await other.subscribe({ group: 'g', topics: [topic], handler: recorder.handler(() => outcomes.shift() ?? DONE) });
      await log.publish(topic, [traced]);
      await eventually(async () => (await log.parked(topic, 10)).length === 1, 'it is parked');
      expect(await log.parked(topic, 10)).toMatchObject([{ message: { headers: { traceparent: TRACEPARENT } } }]);
      expect(await log.replay(topic)).toBe(1);
      await eventually(() => recorder.deliveries.length === 4, 'it comes again');
      const delivered = recorder.deliveries.map(({ attempt, message: each }) => [attempt, isReplayed(each), each.headers.traceparent]);
      expect(delivered).toEqual([[1, false, TRACEPARENT], [2, false, TRACEPARENT], [3, false, TRACEPARENT], [1, true, TRACEPARENT]]);
    });
  });
}
