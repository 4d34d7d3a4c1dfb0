import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Manifest } from '../../deploy/k8s/manifest.ts';

/** Of the package on PyPI: it carries the schemas of every version of Kubernetes up to its own. */
const PACKAGE = 'kubernetes-validate==1.37.0';
/** That of the cluster the manifests are made for (kindest/node:v1.36), and the newest there is. */
export const KUBERNETES = ['1.36.0', '1.37.0'] as const;

const MAX_OUTPUT_BYTES = 20_000_000;
const VENV = join(import.meta.dirname, '../../node_modules/.cache', PACKAGE.replace('==', '-'));
const VALIDATE = join(VENV, 'bin/kubernetes-validate');

const run = promisify(execFile);

/** Installs the validator beside the packages, the first time. */
export async function installValidator(): Promise<void> {
  if (existsSync(VALIDATE)) return;
  await run('python3', ['-m', 'venv', VENV]);
  await run(join(VENV, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', PACKAGE]);
}

/** What the schemas of Kubernetes say against objects, strictly: an unknown field is a fault. Kinds that a cluster is taught only later have no schema there. */
export async function validate(objects: readonly Manifest[], version: string): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'doubleshot-schema-'));
  try {
    const file = join(directory, 'objects.yaml');
    await writeFile(file, objects.map((object) => stringify(object)).join('---\n'));
    const { stdout } = await run(VALIDATE, ['--strict', '--kubernetes-version', version, file], { maxBuffer: MAX_OUTPUT_BYTES }).catch((error: unknown) => error as { stdout: string });
    const lines = stdout.split('\n').filter((line) => line !== '');
    const faults = lines.filter((line) => !line.startsWith('INFO '));
    // Silence is no agreement.
    return lines.length < objects.length ? [...faults, `${lines.length} of ${objects.length} objects were looked at`] : faults;
  } finally {
    await rm(directory, { recursive: true });
  }
}
