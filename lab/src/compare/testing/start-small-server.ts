import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MeasuredShop } from '../method/measured-shop.ts';

export interface SmallServer {
  shop: MeasuredShop;
  stop(): Promise<void>;
}

export interface SmallServerOptions {
  name: string;
  /** CPU time of each request, and time it rests besides. */
  workMs: number;
  restMs: number;
  /** A fault that is loaded before the program. */
  preload?: { file: URL; argument: string };
}

const PROGRAM = fileURLToPath(new URL('./small-server.ts', import.meta.url));

/** Starts a server that costs a known amount, in a process of its own, as a brew of one process without backends. */
export async function startSmallServer({ name, workMs, restMs, preload }: SmallServerOptions): Promise<SmallServer> {
  const child = fork(PROGRAM, [String(workMs), String(restMs)], {
    execArgv: preload === undefined ? [] : ['--import', `${preload.file.href}?${preload.argument}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const [address] = (await Promise.race([once(child, 'message'), gone.then(() => Promise.reject(new Error(`${name} ended before it listened`)))])) as [{ port: number }];
  const started = { name, modules: [], pid: child.pid ?? 0, readyAfterMs: 0, restart: () => Promise.resolve(), kill: () => Promise.resolve() };
  return {
    shop: { name, baseUrl: `http://127.0.0.1:${address.port}`, processes: [started], backends: [] },
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
