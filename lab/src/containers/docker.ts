import { execFile } from 'node:child_process';
import { LabError } from '../errors.ts';
import { readEnvironment } from '../environment.ts';

const MAX_OUTPUT_BYTES = 20_000_000;
const ANSWERS_WITHIN_MS = 30_000;

/** Whether a container engine with `docker compose` answers on this machine. */
export async function engineAnswers(): Promise<boolean> {
  try {
    await docker(['info', '--format', '{{.ServerVersion}}'], { timeoutMs: ANSWERS_WITHIN_MS });
    await docker(['compose', 'version'], { timeoutMs: ANSWERS_WITHIN_MS });
    return true;
  } catch {
    return false;
  }
}

/** Throws one clear sentence when there is no engine to work with. */
export async function requireEngine(): Promise<void> {
  if (!(await engineAnswers())) throw new LabError('no container engine answers: start Docker (with the compose plugin), or use BACKENDS=embedded');
}

export interface DockerOptions {
  /** Beside the environment of the lab. */
  env?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  /** Ends the client. */
  signal?: AbortSignal;
}

/** Runs the docker client; resolves with what it printed, rejects with what it complained about. */
export function docker(args: readonly string[], { env, timeoutMs, signal }: DockerOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...readEnvironment(), ...env }, maxBuffer: MAX_OUTPUT_BYTES, ...(timeoutMs !== undefined && { timeout: timeoutMs }), ...(signal !== undefined && { signal }) };
    execFile('docker', args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new LabError(`docker ${args.slice(0, 8).join(' ')}: ${stderr.trim() === '' ? error.message : stderr.trim()}`));
    });
  });
}
