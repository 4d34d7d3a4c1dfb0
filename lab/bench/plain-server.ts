// Servers to compare the gateway with. `plain-server.ts answer <port>`: bare node:http with a JSON answer.
// `plain-server.ts proxy <port> <origin>`: the least a proxy can do, bare node:http and undici dispatch.
import { createServer, type RequestListener } from 'node:http';
import { Pool } from 'undici';

const MENU = JSON.stringify({ items: Array.from({ length: 4 }, (_, index) => ({ id: index, name: 'Flat white', station: 'espresso', priceCents: 420, available: true })) });
const KEEP_ALIVE_MS = 60_000;

const answer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': MENU.length }).end(MENU);
};

function proxyTo(origin: string): RequestListener {
  const pool = new Pool(origin, { connections: null });
  return ({ url = '/', method = 'GET' }, response) => {
    pool.dispatch(
      { path: url, method },
      {
        // undici asks for it.
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status, headers) => {
          response.writeHead(status, { 'Content-Type': headers['content-type'], 'Content-Length': headers['content-length'] });
        },
        onResponseData: (controller, chunk) => {
          if (!response.write(chunk)) {
            controller.pause();
            response.once('drain', () => controller.resume());
          }
        },
        onResponseEnd: () => response.end(),
        onResponseError: () => response.destroy(),
      },
    );
  };
}

const [kind, port, origin] = process.argv.slice(2);
const listener = kind === 'proxy' ? proxyTo(String(origin)) : answer;
createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener).listen(Number(port), '127.0.0.1');
