import { Server } from 'node:http';

// A fault for tests, loaded before a program with `?delay=2` or `?burn=0.4`: each request rests so many milliseconds, or burns as many of CPU time.
const { searchParams } = new URL(import.meta.url);
const [delayMs, burnMs] = ['delay', 'burn'].map((name) => Number(searchParams.get(name) ?? 0)) as [number, number];
const never = new Int32Array(new SharedArrayBuffer(4));
const emit = Server.prototype.emit;

Server.prototype.emit = function planted(this: Server, event: string, ...more: unknown[]): boolean {
  if (event === 'request') {
    if (delayMs > 0) Atomics.wait(never, 0, 0, delayMs);
    const before = process.cpuUsage();
    for (let used = 0; used < burnMs * 1_000; ) {
      const { user, system } = process.cpuUsage(before);
      used = user + system;
    }
  }
  return Reflect.apply(emit, this, [event, ...more]) as boolean;
} as typeof emit;
