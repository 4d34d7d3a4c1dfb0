import { createServer } from 'node:net';
import { LabError } from '../errors.ts';

// Below the range from which systems take the local ports of outgoing connections (Linux 32768, others 49152 upwards):
// a process that is restarted finds its port free.
const FIRST_PORT = 15_000;
const PORTS = 17_000;
// Labs that run at the same time begin their search at different places.
const STRIDE = 61;

let next = (process.pid * STRIDE) % PORTS;

/** A TCP port of the loopback interface that is free now and that this process has not given out lately. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS; tries += 1) {
    const port = FIRST_PORT + next;
    next = (next + 1) % PORTS;
    if ((await refusalToListen(port)) === undefined) return port;
  }
  throw new LabError('no free TCP port was found on the loopback interface');
}

/** Throws one clear sentence when nothing can listen on `port`; `variable` is where it was set. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  const code = await refusalToListen(port);
  if (code === 'EADDRINUSE') throw new LabError(`port ${port} is already in use (${variable})`);
  if (code !== undefined) throw new LabError(`port ${port} cannot be used (${variable}): ${code}`);
}

async function refusalToListen(port: number): Promise<string | undefined> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  await new Promise((resolve) => server.close(resolve));
  return undefined;
}
