import { LabError } from '../errors.ts';
import { runTool, type RunToolOptions } from '../run-tool.ts';

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

/** Runs the docker client; resolves with what it printed, rejects with what it complained about. */
export function docker(args: readonly string[], options: RunToolOptions = {}): Promise<string> {
  return runTool('docker', args, options);
}
