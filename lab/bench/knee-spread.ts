// How far the highest rate that holds an objective differs from one search to the next, on the same standing shops. `compare --full` searches several times too, each time from
// the rate it found last, which holds the searches together; here each begins anew with the closed loop. Both brews in turn, there and back; ± is how far the search farthest
// from the median lies from it. Rates are tried in steps of 3 %: searches that differ at all differ by as much.
// Usage: node lab/bench/knee-spread.ts [embedded|containers] [searches] [--paths read,databaseRead,order] [--seconds <of each window>] [--noise <cores that others may use>]
//        (on a quiet machine; embedded, 3 searches, those paths and 4 s unless told: about 20 minutes; order has the notification, too)
import { parseArgs } from 'node:util';
import { STANDARD, type SaturationSettings } from '../src/compare/comparison-settings.ts';
import { RequestedPath } from '../src/compare/generator/generator-protocol.ts';
import { drivePath, SEARCHED } from '../src/compare/knee/drive-path.ts';
import { kneeOf } from '../src/compare/knee/knee-of.ts';
import { settle } from '../src/compare/knee/settle.ts';
import { orderOfPass } from '../src/compare/method/measure-passes.ts';
import type { Stand } from '../src/compare/method/measure-window.ts';
import { PATH_TITLES } from '../src/compare/metrics.ts';
import type { ReadyBrew } from '../src/compare/ready-brews.ts';
import type { Saturation } from '../src/compare/saturation-schema.ts';
import { figureOf, relativeSpread } from '../src/compare/statistics.ts';
import { formatKnee, formatRate } from '../src/compare/units.ts';
import { createUndo } from '../src/topology/undo.ts';
import { openStand, say } from './open-stand.ts';

const { positionals: [backends = 'embedded', searches = '3'], values: { paths = 'read,databaseRead,order', seconds = '4', noise } } = parseArgs({
  allowPositionals: true,
  options: { paths: { type: 'string' }, seconds: { type: 'string' }, noise: { type: 'string' } },
});
const asked = RequestedPath.array().parse(paths.split(','));
const settings: SaturationSettings = { passes: 1, paths: asked, concurrencies: [1, 4, 16, 64], sweepSeconds: Number(seconds) / 2, probeSeconds: Number(seconds) };

async function search(stand: Stand, brew: ReadyBrew, path: RequestedPath): Promise<Saturation[]> {
  // What waits from the last search would be found instead.
  await settle(stand, brew, path, STANDARD.windows[path].ratePerSecond);
  const driver = drivePath(path, { stand, brew, settings, onStep: say });
  await driver.search();
  return driver.saturations();
}

function rowOf(found: readonly Saturation[]): string {
  const [first] = found;
  if (first === undefined) return '';
  const { searches: told } = kneeOf(found.map(({ knee }) => knee));
  const { n, median } = told?.rates ?? figureOf([]);
  const spread = relativeSpread(told?.rates ?? figureOf([]));
  return `| ${PATH_TITLES[first.path]} | ${first.topology} | ${found.map(formatKnee).join(', ')} | ${n === 0 ? '–' : formatRate(median)} | ${spread === null ? '–' : `± ${(spread * 100).toFixed(1)} %, n = ${n}`} |`;
}

const undo = createUndo();
try {
  const { stand, brews } = await openStand(backends, noise, undo);
  const rows: string[] = [];
  for (const path of asked) {
    const found = brews.map(() => SEARCHED[path].map(() => [] as Saturation[]));
    for (let pass = 1; pass <= Number(searches); pass += 1) {
      for (const index of orderOfPass(brews.length, pass, stand.seed)) {
        const brew = brews[index];
        if (brew === undefined) continue;
        say(`${path} of ${brew.shop.name}, search ${pass} of ${searches}`);
        for (const [nth, saturation] of (await search(stand, brew, path)).entries()) found[index]?.[nth]?.push(saturation);
      }
    }
    for (const nth of SEARCHED[path].keys()) rows.push(...found.map((ofBrew) => rowOf(ofBrew[nth] ?? [])));
  }
  process.stdout.write([`${backends}, ${searches} searches, windows of ${seconds} s`, '| highest rate of | brew | each search | median | spread |', '|---|---|---|---|---|', ...rows, ''].join('\n'));
} finally {
  await undo.run();
}
