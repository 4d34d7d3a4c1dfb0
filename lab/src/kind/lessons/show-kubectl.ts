import { kubectl } from '../cluster.ts';
import type { LessonOptions } from './lesson.ts';

/** A program that a command takes as its last word: shown by the name of a variable, for it has many lines. */
interface Program {
  variable: string;
  text: string;
}

/** Runs a command of kubectl, and shows it before as somebody could have typed it. */
export function showKubectl(args: readonly string[], print: LessonOptions['print'], program?: Program): Promise<string> {
  print(`$ kubectl ${[...args, ...(program === undefined ? [] : [`"$${program.variable}"`])].join(' ')}`);
  return kubectl(program === undefined ? args : [...args, program.text]);
}
