import { z } from 'zod';
import { docker } from '../../../lab/src/containers/docker.ts';

const Inspected = z.array(
  z.object({
    State: z.object({ Running: z.boolean(), OOMKilled: z.boolean(), ExitCode: z.int() }),
    Config: z.object({ User: z.string() }),
    HostConfig: z.object({ Memory: z.int(), MemorySwap: z.int(), ReadonlyRootfs: z.boolean(), CapDrop: z.array(z.string()).nullable(), CapAdd: z.array(z.string()).nullable(), SecurityOpt: z.array(z.string()).nullable() }),
  }),
);

/** How a container is, and under what it runs, as the engine tells. */
export interface Inspection {
  running: boolean;
  wasKilledForMemory: boolean;
  exitCode: number;
  constraints: { user: string; memoryBytes: number; memoryWithSwapBytes: number; isReadOnly: boolean; dropped: readonly string[]; added: readonly string[]; security: readonly string[] };
}

export async function inspect(id: string): Promise<Inspection> {
  const [found] = Inspected.parse(JSON.parse(await docker(['inspect', id])));
  if (found === undefined) throw new Error(`there is no container ${id}`);
  const { State, Config, HostConfig: host } = found;
  return {
    running: State.Running,
    wasKilledForMemory: State.OOMKilled,
    exitCode: State.ExitCode,
    constraints: {
      user: Config.User,
      memoryBytes: host.Memory,
      memoryWithSwapBytes: host.MemorySwap,
      isReadOnly: host.ReadonlyRootfs,
      dropped: host.CapDrop ?? [],
      added: host.CapAdd ?? [],
      security: host.SecurityOpt ?? [],
    },
  };
}
