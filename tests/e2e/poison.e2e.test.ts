import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runSql } from '../../lab/src/backends/run-sql.ts';
import { readEnvironment } from '../../lab/src/environment.ts';
import { poisonAmongGood } from '../../lab/src/faults/poison-among-good.ts';
import { parkedIn, poisonKinds, POISONED_OUTBOX } from '../../lab/src/faults/poison-messages.ts';
import { startShop } from '../../lab/src/topology/start-shop.ts';

const { POISON_ORDERS, POISON_COUNT, POISON_RATE } = readEnvironment();
/** Small unless told. */
const ORDERS = Number(POISON_ORDERS ?? 100);
const POISON = Number(POISON_COUNT ?? 60);
const TOO_LARGE = poisonKinds(POISON).filter((kind) => parkedIn(kind) === POISONED_OUTBOX).length;
const UNREADABLE = POISON - TOO_LARGE;
const RATE = Number(POISON_RATE ?? 15);
const CUSTOMERS = 5;
/** From so many on a p99 says something: fewer leave it to a handful, and to what else the machine does. */
const TELLING_ORDERS = 2_000;
const MOST_DELAY = 2;
const SHOWN = 100;
/** The load in both phases, and as long again for all else. */
const TIMEOUT_MS = 300_000 + ((2 * 2 * ORDERS) / RATE) * 1_000;
const SETTINGS = { BREW_TIME_SCALE: '0', RATE_LIMIT_PER_SECOND: '0', LOG_LEVEL: 'fatal' };

describe('poison among good orders', () => {
  test.each([
    ['monolith', 'monolith'],
    ['microservices', 'orders'],
  ])('is parked with its reason in %s, the good ones are done, and a replay gives each back once', { timeout: TIMEOUT_MS }, async (topology, databaseOfOrders) => {
    const shop = await startShop({ topology, env: SETTINGS });
    onTestFinished(() => shop.stop());
    const ledgerPath = join(tmpdir(), `doubleshot-${process.pid}-poison-${topology}.jsonl`);
    onTestFinished(() => rm(ledgerPath, { force: true }));
    const execute = async (sql: string): Promise<void> => { await runSql(shop.postgres.url(databaseOfOrders), sql); };
    const run = await poisonAmongGood(shop, { orders: ORDERS, poison: POISON, rate: RATE, customers: CUSTOMERS, seed: 5, ledgerPath, drainDeadlineMs: TIMEOUT_MS / 2, execute });
    const { warmingUp, undisturbed, poisoned } = run.notified;
    process.stdout.write(`poison in ${topology}: order to notification p99 ${undisturbed.p99Ms.toFixed(0)} ms in peace, ${poisoned.p99Ms.toFixed(0)} ms among poison\n`);
    const refused = run.parked.queue;
    expect(refused).toBeGreaterThan(0);
    expect({ parked: run.parked, replayed: run.replayed, again: run.parkedAgain }).toEqual({
      parked: { topic: UNREADABLE, outbox: TOO_LARGE, queue: refused },
      replayed: { topic: UNREADABLE, outbox: TOO_LARGE, queue: refused },
      again: { topic: UNREADABLE, outbox: TOO_LARGE, queue: 0 },
    });
    expect(run.shown).toHaveLength([UNREADABLE, TOO_LARGE, refused].reduce((sum, count) => sum + Math.min(count, SHOWN), 0));
    const reasons = new Set(run.shown.map(({ source, reason }) => `${source}: ${/^(not JSON|does not match [\w.]+|MessageTooLargeError|MailRefusedError)/.exec(reason)?.[0] ?? reason}`));
    expect(reasons).toEqual(
      new Set(['orders.v1: not JSON', 'orders.v1: does not match order.ready.v1', 'outbox.orders: MessageTooLargeError', 'notifications.email: MailRefusedError']),
    );
    expect(run.findings.filter(({ column }) => column !== 'redelivered')).toEqual([]);
    expect(warmingUp.count + undisturbed.count + poisoned.count).toBe(run.load.outcomes.acknowledged);
    if (ORDERS >= TELLING_ORDERS) expect(poisoned.p99Ms).toBeLessThanOrEqual(MOST_DELAY * undisturbed.p99Ms);
  });
});
