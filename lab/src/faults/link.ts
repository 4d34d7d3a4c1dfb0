import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `open`: all passes. `silent`: nothing passes and nobody is told, as when a cable is cut; what was sent meanwhile passes once it is open again. `half-open`: new connections
 * are taken and lead nowhere. `slow`: each piece waits. `sliced`: a few bytes at a time. `reset`: every connection is reset after a short life.
 */
export type LinkState = 'open' | 'silent' | 'half-open' | 'slow' | 'sliced' | 'reset';

/** A TCP connection between two parts of a shop, through which everything between them passes. */
export interface Link {
  /** `orders → postgres`, for people. */
  name: string;
  readonly port: number;
  /** Whether anybody ever called. */
  readonly used: boolean;
  set(state: LinkState): void;
  close(): Promise<void>;
}

const SLOW_MS = 40;
const SLICE_BYTES = 200;
const LEAST_LIFE_MS = 20;
const LIFE_SPREAD_MS = 400;
/** Of one connection after another, so that they end at different times. */
const LIFE_STEP_MS = 137;

/** Listens on a free loopback port. `target` is asked for each new connection. */
export async function openLink(name: string, target: () => { host: string; port: number }): Promise<Link> {
  let state: LinkState = 'open';
  let connections = 0;
  let changed = Promise.withResolvers<undefined>();
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    return socket.on('error', () => undefined).on('close', () => { sockets.delete(socket); });
  };

  const server = createServer({ allowHalfOpen: true }, (near) => {
    connections += 1;
    keep(near);
    if (state === 'half-open') {
      near.resume();
      return;
    }
    const far = keep(connect({ ...target(), allowHalfOpen: true }));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    if (state === 'reset') setTimeout(() => { if (state === 'reset') near.resetAndDestroy(); }, LEAST_LIFE_MS + ((connections * LIFE_STEP_MS) % LIFE_SPREAD_MS)).unref();
    void carry(near, far);
    void carry(far, near);
  });

  async function carry(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) await pass(chunk, to);
      to.end();
    } catch {
      to.destroy();
    }
  }

  async function pass(chunk: Buffer, to: Socket): Promise<void> {
    while (state === 'silent') await changed.promise;
    if (state === 'slow') await sleep(SLOW_MS);
    const size = state === 'sliced' ? SLICE_BYTES : chunk.length;
    for (let at = 0; at < chunk.length; at += size) {
      if (!to.write(chunk.subarray(at, at + size)) && !to.destroyed) await Promise.race([once(to, 'drain'), once(to, 'close')]);
      if (size < chunk.length) await sleep(1);
    }
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    name,
    port,
    get used() {
      return connections > 0;
    },
    set: (next) => {
      state = next;
      changed.resolve(undefined);
      changed = Promise.withResolvers();
      if (next === 'reset') for (const socket of sockets) socket.resetAndDestroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => { server.close(resolve); });
    },
  };
}
