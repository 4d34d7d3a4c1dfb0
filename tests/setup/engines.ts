import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startEngines, type EngineName, type Engines } from '../../lab/src/containers/engines.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection strings of the engines that live as long as the test run. */
    engineUrls: Record<EngineName, string>;
    /** Origin that ends, freezes and starts them; `engine` in `tests/setup/engine.ts` asks it. */
    engineControl: string;
  }
}

const ACTIONS = ['kill', 'halt', 'start', 'freeze', 'thaw'] as const;

/** One set of real engines in containers for a run; test files share them and keep to topics, queues and keys of their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engines = await startEngines(['kafka', 'rabbitmq', 'redis', 'postgres']);
  const server = createServer((request, response) => {
    act(engines, request).then(
      (output) => response.writeHead(200).end(output),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  project.provide('engineUrls', engines.urls);
  project.provide('engineControl', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    await engines.stop();
  };
}

/** `POST /<engine>/<action>`, and `POST /<engine>/exec?arg=…&arg=…`. */
async function act(engines: Engines, request: IncomingMessage): Promise<string> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  const [, name, wanted] = pathname.split('/');
  const engine = name as EngineName;
  if (wanted === 'exec') return engines.exec(engine, searchParams.getAll('arg'));
  const action = ACTIONS.find((each) => each === wanted);
  if (action === undefined) throw new Error(`"${wanted ?? ''}" is none of ${ACTIONS.join(', ')}, exec`);
  await engines[action](engine);
  return '';
}
