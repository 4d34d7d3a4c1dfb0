import { spawn } from 'node:child_process';
import { dockerAnswers } from '../containers/docker.ts';
import { readEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';

/** A program that is not there, or not of the kind that is needed. Ends the command with exit code 2, as what was typed cannot be done here. */
export class MissingToolError extends LabError {
  override readonly name = 'MissingToolError';
  override readonly exitCode = 2;
}

const TOOLS = {
  docker: 'docker is missing: install Docker Engine or Docker Desktop (https://docs.docker.com/get-started/get-docker/).',
  kind: 'kind is missing: install version 0.33 or newer (https://kind.sigs.k8s.io/docs/user/quick-start/#installation).',
  kubectl: 'kubectl is missing: install version 1.32 or newer (https://kubernetes.io/docs/tasks/tools/).',
} as const;

/** Throws one sentence for each program that is not installed; and one when Docker does not answer. */
export async function requireTools(): Promise<void> {
  const missing: string[] = [];
  for (const [tool, sentence] of Object.entries(TOOLS)) if (!(await isInstalled(tool))) missing.push(sentence);
  if (missing.length > 0) throw new MissingToolError(missing.join(' '));
  if (!(await dockerAnswers())) throw new LabError('Docker does not answer: start it, and see that you may use it (`docker info`)');
}

function isInstalled(tool: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(tool, ['--help'], { env: readEnvironment(), stdio: 'ignore' });
    child.on('error', () => { resolve(false); });
    child.on('close', () => { resolve(true); });
  });
}
