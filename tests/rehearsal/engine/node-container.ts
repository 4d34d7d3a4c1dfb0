import { docker } from '../../../lab/src/containers/docker.ts';
import { IMAGE_TAG } from '../../../lab/src/containers/start-container-shops.ts';

/** One of ours: it has Node, and is there. */
const IMAGE = `doubleshot/gateway:${IMAGE_TAG}`;

/** What follows `docker run` and its options, for a script of our own instead of a process of the shop. */
export function nodeScript(script: string, ...args: readonly string[]): string[] {
  return ['--entrypoint=node', IMAGE, '--input-type=module', '--eval', script, '--', ...args];
}

/** Starts a script beside the pods; answers the container's id. */
export async function startNodeScript(options: readonly string[], script: string, ...args: readonly string[]): Promise<string> {
  return (await docker(['run', '--detach', '--read-only', '--cap-drop=ALL', ...options, ...nodeScript(script, ...args)])).trim();
}
