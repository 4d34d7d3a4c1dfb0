import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '../../backends/run-sql.ts';
import { databaseOf } from '../../topology/process-settings.ts';
import type { ShopProcess } from '../../topology/shop.ts';
import { parkedIn, POISON_KINDS, poisonKinds, POISONED_OUTBOX, POISONED_TOPIC, poisonSql } from '../poison-messages.ts';
import { countParked, POISON_GAUGES, readParked, replayParked } from '../poison-parked.ts';
import type { Stage } from '../stage.ts';
import type { Scene, Trial } from '../trial.ts';
import { untouchedBy } from './processes.ts';

const PRELOAD = new URL('../poison-preload.ts', import.meta.url).href;
const DOSES = 10;
/** In each dose. */
const OF_A_KIND = 1;
const FULL_OF_A_KIND = 10;
const BETWEEN_DOSES_MS = 1_000;
const PARKED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;
/** A gauge may lag behind by one. */
const LOOKS_ALIKE = 3;
const KILLER_QUEUE = 'notifications.email';
const KILLED_WITHIN_MS = 180_000;
/** What the adapters allow for a message; it may be there twice, for a process that dies has not always heard that what it sent is safe. */
const MOST_DEATHS = 12;

/** F12: messages that nobody can handle, and one that kills whoever tries. */
export function poison(stage: Stage): Trial[] {
  const consumer = stage.shop.processes.find(({ modules }) => modules.includes('notifications'));
  if (consumer === undefined) return [];
  return [
    { fault: 'F12', name: POISON_KINDS.join(', '), inflict: (scene) => amongGood(stage, consumer, scene), expects: { works: ['menu', 'log in', 'order', 'look', 'told'] } },
    { fault: 'F12', name: `an e-mail that kills ${consumer.name}`, inflict: () => killer(stage, consumer), expects: { works: untouchedBy(consumer) } },
  ];
}

async function amongGood({ shop, backends }: Stage, consumer: ShopProcess, { full, hold }: Scene): ReturnType<Trial['inflict']> {
  const writer = shop.processes.find(({ modules }) => modules.includes('orders'));
  const database = writer && databaseOf(writer);
  if (writer === undefined || database === undefined) throw new Error('no process runs the module orders');
  const url = backends.server.url(database);
  const kinds = poisonKinds(POISON_KINDS.length * (full ? FULL_OF_A_KIND : OF_A_KIND));
  for (let dose = 0; dose < DOSES; dose += 1) {
    await runSql(url, poisonSql(kinds));
    await hold(BETWEEN_DOSES_MS);
  }
  const places = [
    { source: POISONED_TOPIC, gauge: POISON_GAUGES.topic, by: consumer },
    { source: POISONED_OUTBOX, gauge: POISON_GAUGES.outbox, by: writer },
  ].map((place) => ({ ...place, all: DOSES * kinds.filter((kind) => parkedIn(kind) === place.source).length }));
  const parked = (): Promise<boolean> =>
    holds(async () => {
      const counts = await countParked(shop.processes);
      return places.every(({ gauge, all }) => counts.get(gauge) === all);
    });
  const all = DOSES * kinds.length;
  const faults = [...((await parked()) ? [] : [`not all of ${all} messages were parked`])];
  let replayed = 0;
  for (const { source, by } of places) replayed += await replayParked(by, source);
  if (replayed !== all) faults.push(`${replayed} of ${all} messages were replayed`);
  if (!(await parked())) faults.push(`not all of ${all} messages were parked again after the replay`);
  return { kills: 0, notes: [`${all} parked, ${replayed} replayed`], faults, leaves: places.map(({ gauge }) => gauge) };
}

async function killer(stage: Stage, consumer: ShopProcess): ReturnType<Trial['inflict']> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-poison-'));
  const where = `queue ${KILLER_QUEUE} dead`;
  try {
    stage.give(consumer.name, { NODE_OPTIONS: `--import ${PRELOAD}`, POISON_AT: `received ${KILLER_QUEUE}`, POISON_FILE: join(folder, 'victim') });
    const before = consumer.unexpectedEnds;
    const deaths = (): number => consumer.unexpectedEnds - before;
    // It may die before it is ready.
    await consumer.restart().catch(() => undefined);
    const deadline = performance.now() + KILLED_WITHIN_MS;
    let seen = 0;
    while ((await countParked(stage.shop.processes)).get(where) === undefined && performance.now() < deadline) {
      await sleep(LOOK_EVERY_MS);
      if (deaths() === seen) continue;
      seen = deaths();
      await consumer.restart().catch(() => undefined);
    }
    stage.give(consumer.name);
    await consumer.restart();
    const reasons = (await readParked(consumer)).map(({ reason }) => reason);
    const replayed = await replayParked(consumer, KILLER_QUEUE);
    return {
      kills: deaths() + 1,
      notes: [`parked after ${deaths()} deaths: ${reasons.join(', ')}`],
      faults: [...(deaths() > MOST_DEATHS ? [`${deaths()} processes died, and ${MOST_DEATHS} may`] : []), ...(replayed === 1 ? [] : [`${replayed} messages were parked, and one is poison`])],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function holds(check: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + PARKED_WITHIN_MS;
  let looks = 0;
  while (performance.now() < deadline) {
    looks = (await check()) ? looks + 1 : 0;
    if (looks === LOOKS_ALIKE) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
