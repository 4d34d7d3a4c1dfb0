// Loaded into a process of the shop before its program (`node --import`): the first message that comes to a step is poison, and kills every process that handles it.
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';

const { POISON_AT, POISON_FILE = '' } = readEnvironment();

subscribe('doubleshot:step', (message) => {
  const { step, about } = message as { step: string; about: string };
  if (step !== POISON_AT) return;
  if (!existsSync(POISON_FILE)) writeFileSync(POISON_FILE, about);
  if (readFileSync(POISON_FILE, 'utf8') === about) process.kill(process.pid, 'SIGKILL');
});
