// Loaded into a process of the shop before its program (`node --import`): keeps its event loop busy, as code that computes for long would, while it is told to.
import { existsSync, readFileSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';

const LOOK_EVERY_MS = 10;
const { EVENT_LOOP_ORDER = '' } = readEnvironment();
let nextAt = 0;

setInterval(() => {
  const begin = performance.now();
  if (begin < nextAt || !existsSync(EVENT_LOOP_ORDER)) return;
  const [busyMs = 0, everyMs = 0] = readFileSync(EVENT_LOOP_ORDER, 'utf8').split(' ').map(Number);
  nextAt = begin + everyMs;
  while (performance.now() - begin < busyMs && existsSync(EVENT_LOOP_ORDER));
}, LOOK_EVERY_MS).unref();
