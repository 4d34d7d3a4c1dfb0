import { freePort } from '../backends/free-port.ts';
import type { ProcessGroup } from './parse-topology.ts';
import { programOf } from './programs.ts';
import type { Variables } from './start-shop.ts';
import { superviseProcess, type SupervisedProcess } from './supervised-process.ts';

export interface TwinOptions {
  group: ProcessGroup;
  /** That the process runs with whose twin it is. */
  variables: Variables;
  logFile: string;
}

/** Starts another process of the same modules on the same backends, on ports of its own; resolves when it is ready. On failure it does not stay running. */
export async function startTwin({ group, variables, logFile }: TwinOptions): Promise<SupervisedProcess> {
  const settings = Object.fromEntries(Object.entries({ ...variables, PORT: String(await freePort()), OPS_PORT: String(await freePort()) }).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const twin = superviseProcess({ group, program: programOf(group), settings: () => settings, logFile, restart: false });
  twin.start();
  try {
    await twin.ready();
    return twin;
  } catch (error) {
    await twin.stop();
    throw error;
  }
}
