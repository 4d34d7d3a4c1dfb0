import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import type { Manifest } from './manifest.ts';

const MAX_OUTPUT_BYTES = 50_000_000;
const FOLDER = import.meta.dirname;

/** Names of folders of `overlays/` and `components/`. */
export interface Combination {
  overlay: string;
  components?: readonly string[];
  /** Folders of `deploy/k8s` that are applied beside it. */
  beside?: readonly string[];
}

/** Every object of an overlay with further components, as `kubectl kustomize` makes them. Needs kubectl and no cluster; rejects with what kubectl complains about. */
export async function render({ overlay, components = [], beside = [] }: Combination): Promise<Manifest[]> {
  const isAlone = components.length === 0 && beside.length === 0;
  return parseManifests(await (isAlone ? kustomize(join(FOLDER, 'overlays', overlay)) : kustomizeTogether([join('overlays', overlay), ...beside], components)));
}

/** Objects of a stream of YAML documents. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** Kustomize combines by a file alone, and takes no absolute path. */
async function kustomizeTogether(folders: readonly string[], components: readonly string[]): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'doubleshot-kustomize-')));
  try {
    const from = (path: string): string => relative(directory, join(FOLDER, path));
    // Versions last: what a component adds has none yet.
    const parts = [...components, 'images'].map((name) => from(join('components', name)));
    await writeFile(join(directory, 'kustomization.yaml'), stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: folders.map(from), components: parts }));
    return await kustomize(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function kustomize(folder: string): Promise<string> {
  try {
    return (await promisify(execFile)('kubectl', ['kustomize', folder], { maxBuffer: MAX_OUTPUT_BYTES })).stdout;
  } catch (error) {
    const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
    throw new Error(code === 'ENOENT' ? 'kubectl is missing: install it (1.32 or newer); no cluster is needed' : stderr.trim() === '' ? message : stderr.trim(), { cause: error });
  }
}
