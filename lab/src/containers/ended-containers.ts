import { z } from 'zod';
import { docker } from './docker.ts';

const Inspected = z.array(z.object({ Name: z.string(), RestartCount: z.int(), State: z.object({ Running: z.boolean(), OOMKilled: z.boolean(), ExitCode: z.int() }) }));

/**
 * Says of each container of a compose project that ended although nobody asked it to, since it was last started by somebody, how it did: for want of memory, or otherwise.
 * Nothing is said of a container that ended as it should. Whoever kills a process inside a container expects it here.
 */
export async function endedContainers(project: string): Promise<string[]> {
  const ids = (await docker(['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`])).split('\n').filter((id) => id !== '');
  if (ids.length === 0) throw new Error(`there is no container of the project ${project}`);
  return describeEnded(JSON.parse(await docker(['inspect', ...ids])));
}

/** As {@link endedContainers}, of what `docker inspect` prints. */
export function describeEnded(inspected: unknown): string[] {
  return Inspected.parse(inspected).flatMap(({ Name, RestartCount, State: { Running, OOMKilled, ExitCode } }) => {
    const how = [
      ...(OOMKilled ? ['was killed for want of memory'] : []),
      ...(RestartCount > 0 ? [`was started again (×${RestartCount})`] : []),
      ...(!Running && ExitCode !== 0 ? [`has ended with exit code ${ExitCode}`] : []),
    ];
    return how.length === 0 ? [] : [`${Name.replace(/^\//, '')} ${how.join(', ')}`];
  });
}
