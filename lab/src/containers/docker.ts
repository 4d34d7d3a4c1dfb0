import { LabError } from '../errors.ts';
import { runTool, type RunToolOptions } from '../run-tool.ts';

const ANSWERS_WITHIN_MS = 30_000;

/** Whether a container engine with `docker compose` answers on this machine. */
export async function engineAnswers(): Promise<boolean> {
  return (await dockerAnswers()) && succeeds(['compose', 'version']);
}

/** Whether a container engine answers, which is enough to build images. */
export function dockerAnswers(): Promise<boolean> {
  return succeeds(['info', '--format', '{{.ServerVersion}}']);
}

async function succeeds(args: readonly string[]): Promise<boolean> {
  try {
    await docker(args, { timeoutMs: ANSWERS_WITHIN_MS });
    return true;
  } catch {
    return false;
  }
}

/** Throws one clear sentence when there is no engine to work with. */
export async function requireEngine(): Promise<void> {
  if (!(await engineAnswers())) throw new LabError('no container engine answers: start Docker (with the compose plugin), or use BACKENDS=embedded');
}

/** Runs the docker client; resolves with what it printed, rejects with what it complained about. */
export function docker(args: readonly string[], options: RunToolOptions = {}): Promise<string> {
  return runTool('docker', args, options);
}
