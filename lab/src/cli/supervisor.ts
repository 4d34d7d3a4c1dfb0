// Owns what `up` started, detached from the terminal, until `down` tells it to stop. Its output goes to supervisor.log.
import { randomBytes } from 'node:crypto';
import { LabError } from '../errors.ts';
import { startContainerShops } from '../containers/start-container-shops.ts';
import type { RunningShop } from '../topology/shop.ts';
import { startShops } from '../topology/start-shop.ts';
import { createUndo, undoEverything } from '../topology/undo.ts';
import { startControlServer } from './control-server.ts';
import { endOnSignals, endWithParent, finish, isEnding } from './ending.ts';
import type { SupervisorOrder, SupervisorReport } from './supervisor-protocol.ts';
import { removeUpState, writeUpState, type UpState } from './up-state.ts';

function report(message: SupervisorReport): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...(message.kind === 'ready' ? { kind: 'ready' } : message) }));
  if (process.connected) process.send?.(message);
}

async function supervise({ settings, logFolder }: SupervisorOrder): Promise<void> {
  const shops: RunningShop[] = [];
  const stop = async (): Promise<void> => {
    await undoEverything();
    // Once more: while it still starts, the state may have been written meanwhile.
    await removeUpState(process.pid);
    // After the answer to whoever asked for it has gone out.
    setTimeout(() => void finish(0), 50);
  };
  const token = randomBytes(24).toString('base64url');
  const control = await startControlServer({ token, shops: () => shops, stop });
  const staff = settings.staff ?? { email: 'staff@doubleshot.example', password: randomBytes(9).toString('base64url') };
  const state: UpState = { pid: process.pid, startedAt: new Date().toISOString(), control: { url: control.url, token }, shops: [], staff, logFolder };
  const undo = createUndo();
  undo.add(() => removeUpState(process.pid));
  await writeUpState(state);
  const running = await start({ settings, logFolder }, staff);
  // The file goes last: until then it names what runs. One that is going already is not written again.
  undo.add(() => running.stop());
  if (isEnding()) return;
  shops.push(...running.shops);
  const ready = { ...state, ...running.owned, shops: running.shops.map(describe) };
  await writeUpState(ready);
  liveOn();
  report({ kind: 'ready', state: ready });
}

interface Started {
  shops: readonly RunningShop[];
  /** What a supervisor that dies leaves behind. */
  owned: Pick<UpState, 'postgres' | 'containers'>;
  stop(): Promise<void>;
}

async function start({ settings, logFolder }: SupervisorOrder, staff: { email: string; password: string }): Promise<Started> {
  const common = { ports: settings.ports, env: settings.env, staff, onProgress: (message: string) => { report({ kind: 'progress', message }); } };
  if (settings.backends === 'containers') {
    const { project, pages, shops, stop } = await startContainerShops(settings.topologies, { ...common, namesPort: settings.namesPort });
    return { shops, owned: { containers: { project, pages } }, stop };
  }
  const { postgres, shops, stop } = await startShops(settings.topologies, { ...common, logFolder, keepLogs: true, restart: true });
  return { shops, owned: { postgres: { pid: postgres.pid, folder: postgres.folder } }, stop };
}

function describe({ name, baseUrl, processes }: RunningShop): UpState['shops'][number] {
  return {
    name,
    baseUrl,
    processes: processes.map(({ name: process, modules, pid, origin, opsOrigin, log }) => ({ name: process, modules: [...modules], pid, ...(origin !== undefined && { origin }), opsOrigin, log })),
  };
}

endOnSignals();
const liveOn = endWithParent();
process.once('message', (order: SupervisorOrder) => {
  supervise(order).catch(async (error: unknown) => {
    await removeUpState(process.pid);
    const known = error instanceof LabError;
    report({ kind: 'failed', message: known ? error.message : String(error instanceof Error ? error.stack : error), exitCode: known ? error.exitCode : 1 });
    await finish(1);
  });
});
