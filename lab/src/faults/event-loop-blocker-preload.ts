// Loaded into a process of the shop before its program (`node --import`): keeps its event loop busy, as code that computes for long would, while it is told to.
import { existsSync, readFileSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';

const LOOK_EVERY_MS = 10;
const { EVENT_LOOP_ORDER = '' } = readEnvironment();
let nextAt = 0;

setInterval(() => {
  const begin = performance.now();
  const order = readOrder();
  if (order === undefined) nextAt = begin;
  if (order === undefined || begin < nextAt) return;
  nextAt = begin + order.everyMs;
  while (performance.now() - begin < order.busyMs && existsSync(EVENT_LOOP_ORDER));
}, LOOK_EVERY_MS).unref();

function readOrder(): { busyMs: number; everyMs: number } | undefined {
  // To ask first costs less than a failure a hundred times a second; it may be taken back between the two.
  if (!existsSync(EVENT_LOOP_ORDER)) return undefined;
  try {
    const [busyMs = 0, everyMs = 0] = readFileSync(EVENT_LOOP_ORDER, 'utf8').split(' ').map(Number);
    return { busyMs, everyMs };
  } catch {
    return undefined;
  }
}
