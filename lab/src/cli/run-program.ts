import { CommanderError, type Command } from 'commander';
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { isEnding } from './ending.ts';

/** Exit code of a command line that makes no sense. */
const USAGE_EXIT_CODE = 2;

/** Runs a command line; resolves with the exit code. What goes wrong is said in one sentence; only a fault of the lab's own shows its stack. */
export async function runProgram(program: Command, commandLine: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(commandLine, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (isEnding()) return 1;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
    if (error instanceof LabError) {
      process.stderr.write(`doubleshot: ${error.message}\n`);
      return error.exitCode;
    }
    process.stderr.write(`doubleshot: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error instanceof Error ? (error.stack ?? error.message) : error)}\n`);
    return 1;
  }
}
