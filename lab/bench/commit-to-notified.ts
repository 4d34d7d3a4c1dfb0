// From the commit that makes an order ready until its in-app notification was handled, in both brews at half their knee: outbox, relay, log, inbox, outbox, relay, queue, inbox.
// The times are of spans: from the end of the statement `orders.finish-station`, which commits the order's status and the fact in the outbox (when its process had the answer),
// to the end of the span `process notifications.inapp` that was done (the notification is committed and pushed). Not times of the databases: an outbox row has the beginning of
// its transaction, in whole milliseconds, and the inbox row likewise. All processes share the clock of this machine. One request in ten is traced, as in compare, so that the
// knee is the same; what tracing adds to a traced order is in its time.
// The knee is that of orders to their notification (p99 of 2 s), found first, unless --rate tells a rate for both. A window lasts until about so many traced orders came.
// Usage: node lab/bench/commit-to-notified.ts [embedded|containers] [passes] [--orders <traced orders a window>] [--rate <orders a second>] [--noise <cores that others may use>]
//        (on a quiet machine; embedded, 4 passes and 150 orders unless told; fewer than 100 give no p99)
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FULL, SHOP_SETTINGS, type SaturationSettings } from '../src/compare/comparison-settings.ts';
import { drivePath } from '../src/compare/knee/drive-path.ts';
import { settle } from '../src/compare/knee/settle.ts';
import { orderOfPass } from '../src/compare/method/measure-passes.ts';
import { measureWindow, type Stand } from '../src/compare/method/measure-window.ts';
import type { ReadyBrew } from '../src/compare/ready-brews.ts';
import { figureOf, p99, percentile, type Figure } from '../src/compare/statistics.ts';
import { formatKnee, formatRate } from '../src/compare/units.ts';
import { LabError } from '../src/errors.ts';
import { createUndo } from '../src/topology/undo.ts';
import { commitToNotified } from '../src/trace/commit-to-notified.ts';
import { openStand, say } from './open-stand.ts';

const { positionals: [backends = 'embedded', passes = '4'], values: { orders = '150', rate, noise } } = parseArgs({
  allowPositionals: true,
  options: { orders: { type: 'string' }, rate: { type: 'string' }, noise: { type: 'string' } },
});
const SAMPLED = Number(SHOP_SETTINGS.OTEL_TRACES_SAMPLER_ARG);
const SEARCH: SaturationSettings = { passes: 1, paths: ['order'], concurrencies: [1, 4, 16, 64], sweepSeconds: 1, probeSeconds: FULL.windows.order.seconds };
const ONE_WINDOW = { repeats: 0 };
const QUIET_MS = 2_000;

interface Chosen {
  brew: ReadyBrew;
  ratePerSecond: number;
  /** What the rate is half of. */
  of: string;
}

interface Measured extends Chosen {
  traced: number;
  /** Traced, and not followed to their end: spans were lost, or nobody was told. */
  unknown: number;
  /** Of those not traced, too. */
  failed: number;
  p50Ms: number[];
  p99Ms: (number | null)[];
}

async function choose(stand: Stand, brew: ReadyBrew): Promise<Chosen> {
  if (rate !== undefined) return { brew, ratePerSecond: Number(rate), of: 'as told' };
  const driver = drivePath('order', { stand, brew, settings: SEARCH, onStep: say });
  await driver.search();
  const saturation = driver.saturations().find(({ path }) => path === 'notified');
  const kneePerSecond = saturation?.knee.ratePerSecond ?? null;
  if (kneePerSecond === null) throw new LabError(`no knee of ${brew.shop.name} was found: end what else runs on this machine, allow more with --noise, or tell a rate with --rate`);
  return { brew, ratePerSecond: kneePerSecond / 2, of: `half of ${formatKnee(saturation)}` };
}

/** Processes send their spans at least once a second. */
async function allSpansCame({ traces }: ReadyBrew): Promise<void> {
  for (let before = -1; traces.received !== before;) {
    before = traces.received;
    await sleep(QUIET_MS);
  }
}

async function measure(stand: Stand, pass: number, measured: Measured): Promise<void> {
  const { brew, ratePerSecond } = measured;
  if (!(await settle(stand, brew, 'order', ratePerSecond))) {
    say(`${brew.shop.name} does not work off what waited`);
    return;
  }
  await allSpansCame(brew);
  brew.traces.clear();
  say(`${brew.shop.name}, ${formatRate(ratePerSecond)}, pass ${pass} of ${passes}`);
  const { result, void: reason } = await measureWindow({ ...stand, limits: { ...stand.limits, ...ONE_WINDOW } }, brew, { path: 'order', pace: { rate: ratePerSecond }, seconds: Number(orders) / SAMPLED / ratePerSecond, pass });
  if (reason !== null) return;
  await allSpansCame(brew);
  const traced = brew.traces.all().filter((spans) => spans.some(({ name }) => name === 'place order'));
  const times = traced.flatMap((spans) => commitToNotified(spans) ?? []);
  measured.traced += traced.length;
  measured.unknown += traced.length - times.length;
  measured.failed += result.failed + (result.notified?.missing ?? 0);
  if (times.length > 0) measured.p50Ms.push(percentile(times, 0.5));
  measured.p99Ms.push(p99(times));
}

function rowOf({ brew, ratePerSecond, of, traced, unknown, failed, p50Ms, p99Ms }: Measured): string {
  const shown = ({ n, median, min, max }: Figure): string => (n === 0 ? 'too few' : `${median.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)}, n = ${n})`);
  return `| ${brew.shop.name} | ${formatRate(ratePerSecond)}, ${of} | ${traced} | ${unknown} | ${failed} | ${shown(figureOf(p50Ms))} | ${shown(figureOf(p99Ms.flatMap((ms) => ms ?? [])))} |`;
}

const undo = createUndo();
try {
  const { stand, brews } = await openStand(backends, noise, undo);
  const measured: Measured[] = [];
  for (const brew of brews) measured.push({ ...(await choose(stand, brew)), traced: 0, unknown: 0, failed: 0, p50Ms: [], p99Ms: [] });
  for (let pass = 1; pass <= Number(passes); pass += 1) {
    for (const index of orderOfPass(brews.length, pass, stand.seed)) {
      const one = measured[index];
      if (one !== undefined) await measure(stand, pass, one);
    }
  }
  process.stdout.write(
    [
      `${backends}, ms from the commit of a ready order to its notification handled: median (least to most) of passes`,
      '| brew | orders | traced | not followed to their end | failed or not notified | p50 | p99 |',
      '|---|---|---|---|---|---|---|',
      ...measured.map(rowOf),
      '',
    ].join('\n'),
  );
} finally {
  await undo.run();
}
