import { createServer } from 'node:http';

// A program for tests: a server that works for WORK_MS of CPU time and rests for REST_MS at each request, one after another, and tells its parent its port.
const [work, rest] = [Number(process.argv[2]), Number(process.argv[3])];
const never = new Int32Array(new SharedArrayBuffer(4));

/** CPU time, not time: a busy machine makes it last longer, not less. Of the process: the kernel counts that of a single thread in ticks. */
function burn(ms: number): void {
  const untilMicros = cpuMicros() + ms * 1_000;
  while (cpuMicros() < untilMicros);
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const server = createServer((_request, response) => {
  burn(work);
  if (rest > 0) Atomics.wait(never, 0, 0, rest);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => { server.close(); server.closeAllConnections(); });
