// Loaded into a process of the shop before its program (`node --import`): writes down every step that the process passes, one a line.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { readEnvironment } from '../../../lab/src/environment.ts';

const { STEPS_FILE = '' } = readEnvironment();

subscribe('doubleshot:step', (message) => { appendFileSync(STEPS_FILE, `${(message as { step: string }).step}\n`); });
