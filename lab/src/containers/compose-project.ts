import { join } from 'node:path';
import { docker } from './docker.ts';
import { guardCommand } from '../backends/watchdog.ts';
import { ROOT } from '../paths.ts';

/** One run of a compose file of deploy/docker, under a name of its own. */
export interface ComposeProject {
  readonly name: string;
  /** Runs `docker compose` on it; resolves with what it printed. */
  compose(...args: string[]): Promise<string>;
  /** Name of a container of a service: of its first replica unless told. */
  container(service: string, replica?: number): string;
  /** Removes containers, volumes and network. Idempotent. */
  remove(): Promise<void>;
}

export interface ComposeProjectOptions {
  name: string;
  /** File names in deploy/docker; each is stronger than those before. */
  files: readonly string[];
  /** Variables of the file. */
  env: Readonly<Record<string, string>>;
}

/** Names a project and has it removed should the lab die. Starts nothing by itself. */
export function createComposeProject({ name, files, env }: ComposeProjectOptions): ComposeProject {
  const release = guardCommand(removalOf(name));
  const removing = new AbortController();
  const compose = (...args: string[]): Promise<string> =>
    docker(['compose', '--project-name', name, ...files.flatMap((file) => ['--file', join(ROOT, 'deploy/docker', file)]), ...args], { env, signal: removing.signal });
  let removed: Promise<void> | undefined;
  const remove = async (): Promise<void> => {
    // What is being started must not go on behind the removal.
    removing.abort();
    // By label, not by `down`: that would leave out services whose profile is not active.
    await docker(['compose', '--project-name', name, 'down', '--volumes', '--remove-orphans', '--timeout', '2'], { env });
    release();
  };
  return { name, compose, container: (service, replica = 1) => `${name}-${service}-${replica}`, remove: () => (removed ??= remove()) };
}

/** A shell command that removes what is left of a project, whatever state it is in. */
export function removalOf(project: string): string {
  const label = `--filter label=com.docker.compose.project=${project}`;
  return [
    `docker ps -aq ${label} | xargs -r docker rm -f -v`,
    `docker network ls -q ${label} | xargs -r docker network rm`,
    `docker volume ls -q ${label} | xargs -r docker volume rm`,
  ].join('; ');
}
