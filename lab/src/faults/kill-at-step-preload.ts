// Loaded into a process of the shop before its program (`node --import`): ends that process, as a crash would, at the step it is told.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';

const { KILL_AT_STEP, KILL_AT_PASS, KILL_REPORT = '' } = readEnvironment();
let left = Number(KILL_AT_PASS);

subscribe('doubleshot:step', (message) => {
  if ((message as { step: string }).step !== KILL_AT_STEP) return;
  left -= 1;
  if (left > 0) return;
  // Both take effect before the publisher's next instruction: first the word that it was here, then the end.
  appendFileSync(KILL_REPORT, `${KILL_AT_STEP}\n`);
  process.kill(process.pid, 'SIGKILL');
});
