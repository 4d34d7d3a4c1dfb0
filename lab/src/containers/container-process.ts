import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from './docker.ts';
import { LabError } from '../errors.ts';
import { isReady } from '../topology/child-program.ts';
import { describeLog } from '../topology/log-tail.ts';
import type { ProcessGroup } from '../topology/parse-topology.ts';
import type { ShopProcess } from '../topology/shop.ts';

export interface ContainerProcessOptions {
  group: ProcessGroup;
  container: string;
}

const READY_TIMEOUT_MS = 180_000;
const POLL_MS = 50;
const OPS_PORT = '9090/tcp';

interface Inspected {
  State: { Running: boolean; Pid: number };
  RestartCount: number;
  NetworkSettings: { Ports: Record<string, { HostPort: string }[] | null> };
}

/** A process of the shop in a container of its own. `refresh` looks at it: until then, what it says of itself is as of the last look. */
export interface ContainerProcess extends ShopProcess {
  refresh(): Promise<void>;
}

export function createContainerProcess({ group, container }: ContainerProcessOptions): ContainerProcess {
  let [pid, unexpectedEnds, readyAfterMs] = [0, 0, Number.NaN];
  // One of several replicas gets another port with each start.
  let opsOrigin = '';

  async function refresh(): Promise<void> {
    const [found] = JSON.parse(await docker(['inspect', container])) as [Inspected];
    pid = found.State.Pid;
    unexpectedEnds = found.RestartCount;
    const port = found.NetworkSettings.Ports[OPS_PORT]?.[0]?.HostPort;
    if (port !== undefined) opsOrigin = `http://127.0.0.1:${port}`;
  }

  async function ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    const startedAt = performance.now();
    await refresh();
    while (!(await isReady(opsOrigin))) {
      if (performance.now() - startedAt > timeoutMs) {
        throw new LabError(`${container} was not ready after ${timeoutMs / 1000} s; ${describeLog(await docker(['logs', '--tail', '20', container]), `docker logs ${container}`)}`);
      }
      await sleep(POLL_MS);
    }
    readyAfterMs = performance.now() - startedAt;
  }

  return {
    name: group.name,
    modules: group.modules,
    origin: undefined,
    get opsOrigin() {
      return opsOrigin;
    },
    log: container,
    get pid() {
      return pid;
    },
    get readyAfterMs() {
      return readyAfterMs;
    },
    get unexpectedEnds() {
      return unexpectedEnds;
    },
    refresh,
    ready,
    kill: async (signal = 'SIGKILL') => { await docker(['kill', '--signal', signal, container]); },
    restart: async () => {
      await docker(['restart', container]);
      await ready();
    },
  };
}
