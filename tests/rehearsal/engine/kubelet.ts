import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from '../../../lab/src/containers/docker.ts';
import { runTool } from '../../../lab/src/run-tool.ts';
import { describeLog } from '../../../lab/src/topology/log-tail.ts';
import { PROBES, type PlannedProbe } from '../plan/planned-container.ts';
import { inspect } from './inspect.ts';
import { startNodeScript } from './node-container.ts';
import type { RunningContainer } from './running-container.ts';

/** On a machine that does other things too. */
const AGREES_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 500;
/** Beside what the probe itself allows: the engine begins a program for it. */
const EXEC_MS = 30_000;
const LOG_LINES = 20;

const IDLE = 'setInterval(() => {}, 60_000);';
/** From within the network: no redirection is followed, and what is no failure is a success. */
const ASK = `
  import { connect } from 'node:net';
  const { kind, host, port, path, timeoutMs } = JSON.parse(process.argv.at(-1));
  const signal = AbortSignal.timeout(timeoutMs);
  const http = async () => { const { status } = await fetch('http://' + host + ':' + port + path, { redirect: 'manual', signal }); if (status < 200 || status > 399) throw new Error('answered ' + status); };
  const tcp = () => new Promise((resolve, reject) => { const socket = connect({ host, port, signal }, resolve); socket.on('error', reject); });
  try { await (kind === 'http' ? http() : tcp()); process.exit(0); } catch (error) { console.error(error.cause?.message ?? error.message); process.exit(1); }
`;

/** Asks the probes of pods as the kubelet of their node would. */
export interface Kubelet {
  /** Resolves when a container agrees to each of its probes, one after the other; rejects when it ends or never agrees. */
  untilReady(container: RunningContainer): Promise<void>;
}

export async function startKubelet(options: readonly string[]): Promise<Kubelet> {
  const id = await startNodeScript(options, IDLE);

  function ask(probe: PlannedProbe, container: RunningContainer): Promise<string> {
    const inTime = { timeoutMs: probe.timeoutMs + EXEC_MS };
    if (probe.kind === 'exec') return docker(['exec', container.id, ...probe.command], inTime);
    return docker(['exec', id, 'node', '--input-type=module', '--eval', ASK, '--', JSON.stringify({ ...probe, host: container.host })], inTime);
  }

  return {
    async untilReady(container) {
      const deadline = performance.now() + AGREES_WITHIN_MS;
      for (const name of PROBES) {
        const probe = container.plan.probes[name];
        if (probe === undefined) continue;
        for (let refusal = await refusalOf(ask(probe, container)); refusal !== undefined; refusal = await refusalOf(ask(probe, container))) {
          if (!(await inspect(container.id)).running) throw await endOf(container);
          if (performance.now() > deadline) throw await complaintOf(container, `its ${name} probe still fails: ${refusal}`);
          await sleep(LOOK_EVERY_MS);
        }
      }
    },
  };
}

async function refusalOf(asking: Promise<unknown>): Promise<string | undefined> {
  return asking.then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : String(error)));
}

/** How a container ended. */
export async function endOf(container: RunningContainer): Promise<Error> {
  const { exitCode, wasKilledForMemory } = await inspect(container.id);
  return complaintOf(container, wasKilledForMemory ? `it was killed at its limit of ${container.plan.memoryMiB} MiB` : `it ended with ${exitCode}`);
}

/** With the end of its log. */
async function complaintOf({ id, plan: { name } }: RunningContainer, what: string): Promise<Error> {
  // Most complain on their standard error.
  const log = await runTool('sh', ['-c', `docker logs --tail ${LOG_LINES} ${id} 2>&1`]);
  return new Error(`${name}: ${what}; ${describeLog(log, `docker logs ${id}`)}`);
}
