// Loaded into a process of the shop before its program (`node --import`): ends that process, as a crash would, at the step it is told, once it is told.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, readFileSync, watchFile } from 'node:fs';
import { readEnvironment } from '../environment.ts';

const LOOK_EVERY_MS = 50;
const { STEP_KILL_ORDER = '', STEP_KILL_REPORT = '' } = readEnvironment();
let step: string | undefined;
let passesLeft = 0;

watchFile(STEP_KILL_ORDER, { interval: LOOK_EVERY_MS }, ({ size }) => {
  step = undefined;
  if (size === 0) return;
  const [passes = '', ...name] = readFileSync(STEP_KILL_ORDER, 'utf8').split(' ');
  step = name.join(' ');
  passesLeft = Number(passes);
}).unref();

subscribe('doubleshot:step', (message) => {
  if ((message as { step: string }).step !== step) return;
  passesLeft -= 1;
  if (passesLeft > 0) return;
  // Both take effect before the publisher's next instruction: first the word that it was here, then the end.
  appendFileSync(STEP_KILL_REPORT, `${step}\n`);
  process.kill(process.pid, 'SIGKILL');
});
