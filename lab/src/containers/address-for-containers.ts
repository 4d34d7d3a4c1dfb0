import { createServer } from 'node:net';
import { docker } from './docker.ts';

const LOOPBACK = '127.0.0.1';
const FORMAT = '{{range .IPAM.Config}}{{.Gateway}} {{.Subnet}} {{end}}';

/**
 * Where this machine listens for containers that call `host.docker.internal`: its end of Docker's own bridge, where the engine runs on this machine;
 * the loopback interface, where it runs in a virtual one.
 */
export async function addressForContainers(): Promise<string> {
  const words = (await docker(['network', 'inspect', 'bridge', '--format', FORMAT])).split(/\s+/);
  const gateway = words.find((word) => /^[\d.]+$/.test(word));
  // Older engines tell the network alone, of which they take the first address.
  const first = words.find((word) => /^[\d.]+\.0\/\d+$/.test(word))?.replace(/\.0\/\d+$/, '.1');
  const address = gateway ?? first ?? LOOPBACK;
  return (await canListenAt(address)) ? address : LOOPBACK;
}

function canListenAt(host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => { resolve(false); });
    server.listen(0, host, () => { server.close(() => { resolve(true); }); });
  });
}
