import { execFile, spawn } from 'node:child_process';
import { LabError } from './errors.ts';
import { readEnvironment } from './environment.ts';

const MAX_OUTPUT_BYTES = 50_000_000;
const WORDS_SHOWN = 8;

export interface RunToolOptions {
  /** Beside the environment of the lab. */
  env?: Readonly<Record<string, string>>;
  /** For its standard input. */
  input?: string;
  timeoutMs?: number;
  /** Ends it. */
  signal?: AbortSignal;
}

/** Runs a program of somebody else; resolves with what it printed, rejects with what it complained about. */
export function runTool(tool: string, args: readonly string[], { env, input, timeoutMs, signal }: RunToolOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...readEnvironment(), ...env }, maxBuffer: MAX_OUTPUT_BYTES, ...(timeoutMs !== undefined && { timeout: timeoutMs }), ...(signal !== undefined && { signal }) };
    const child = execFile(tool, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new LabError(`${shown(tool, args)}: ${stderr.trim() === '' ? error.message : stderr.trim()}`));
    });
    // One that ends without reading says why by its exit code.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** The same for what takes long and tells of it itself: what it prints is seen at once. */
export function showTool(tool: string, args: readonly string[], { input = '' }: Pick<RunToolOptions, 'input'> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { env: readEnvironment(), stdio: ['pipe', 'inherit', 'inherit'] });
    child.on('error', (error) => { reject(new LabError(`${shown(tool, args)}: ${error.message}`)); });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new LabError(`${shown(tool, args)} ended with ${signal ?? `exit code ${code ?? 0}`}: what it printed says why`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function shown(tool: string, args: readonly string[]): string {
  return [tool, ...args.slice(0, WORDS_SHOWN)].join(' ');
}
