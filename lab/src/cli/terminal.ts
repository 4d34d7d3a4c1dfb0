import { readEnvironment } from '../environment.ts';

const DEFAULT_WIDTH = 100;
const MAX_WIDTH = 160;

/** Columns to draw in: those of the terminal, 100 where there is none. */
export function terminalWidth(): number {
  return Math.min(MAX_WIDTH, Math.max(DEFAULT_WIDTH, process.stdout.columns || 0));
}

/** Colors only on a terminal, and never against https://no-color.org. */
export function wantsColor(): boolean {
  return process.stdout.isTTY && readEnvironment()['NO_COLOR'] === undefined && readEnvironment()['TERM'] !== 'dumb';
}

export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Prints what happens now, with the seconds since the command began. What repeats itself is left out. */
export function createProgress(): (message: string) => void {
  const begin = performance.now();
  let last = '';
  return (message) => {
    if (message === last) return;
    last = message;
    print(`${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${message}`);
  };
}
