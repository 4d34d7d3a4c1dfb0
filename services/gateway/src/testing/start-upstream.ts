import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RunningUpstream {
  origin: string;
  /** Requests in the order in which their heads came. */
  requests: IncomingMessage[];
  /** Connections that were ever opened. */
  connections: Socket[];
  close(): Promise<void>;
}

/** A plain HTTP server on a free port, closed when the test is over. */
export async function startUpstream(listener: RequestListener, port = 0): Promise<RunningUpstream> {
  const requests: IncomingMessage[] = [];
  const connections: Socket[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.on('connection', (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, connections, close };
}
