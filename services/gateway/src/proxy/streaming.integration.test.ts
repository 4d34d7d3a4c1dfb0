import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../../tests/setup/eventually.ts';
import { startGateway } from '../testing/start-gateway.ts';
import { startUpstream } from '../testing/start-upstream.ts';

const MIB = 1_024 * 1_024;
/** Far above what the sockets and streams on the way may hold. */
const LARGE_BYTES = 64 * MIB;
/** So many looks in a row without progress count as standing still. */
const STALLED_CHECKS = 30;
const HELD_ON_THE_WAY_BYTES = 24 * MIB;

async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function get(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return responseTo(httpRequest(url, { headers }).end());
}

describe('an answer on its way through the gateway', () => {
  it('arrives byte for byte when it is large', async () => {
    const body = Buffer.alloc(5 * MIB, 'doubleshot ');
    const upstream = await startUpstream((_request, response) => response.end(body));
    const gateway = await startGateway({ orders: upstream });
    const received = await buffer(await get(`${gateway.origin}/api/v1/menu`));
    expect(received.equals(body)).toBe(true);
  });

  it.each([0, 1, 255, 16_384, 16_385, 70_000])('arrives byte for byte when it has %i bytes and a length', async (length) => {
    const body = Buffer.from(Array.from({ length }, (_, i) => i % 256));
    const upstream = await startUpstream((_request, response) => response.writeHead(200, { 'Content-Length': length }).end(body));
    const gateway = await startGateway({ orders: upstream });
    const received = await buffer(await get(`${gateway.origin}/api/v1/menu`));
    expect(received.equals(body)).toBe(true);
  });

  it('waits for a client that does not read, instead of filling memory', async () => {
    let written = 0;
    const chunk = Buffer.alloc(MIB);
    const upstream = await startUpstream((_request, response) => {
      const write = (): void => {
        while (written < LARGE_BYTES) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    const gateway = await startGateway({ orders: upstream });
    const response = await get(`${gateway.origin}/api/v1/menu`);
    response.pause();
    let before = 0;
    let sameFor = 0;
    await eventually(() => {
      sameFor = written > 0 && written === before ? sameFor + 1 : 0;
      before = written;
      return sameFor === STALLED_CHECKS;
    }, 'the service behind is made to wait');
    expect(written).toBeLessThan(HELD_ON_THE_WAY_BYTES);
    expect((await buffer(response)).length).toBe(LARGE_BYTES);
  });

  it('passes events at once, and the head before the first of them', async () => {
    let send: (text: string) => void = () => undefined;
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      send = (text) => void response.write(text);
    });
    const gateway = await startGateway({ notifications: upstream });
    const stream = await get(`${gateway.origin}/api/v1/stream`, { authorization: 'Bearer t', 'last-event-id': '7' });
    expect(stream.headers['content-type']).toBe('text/event-stream');
    expect(upstream.requests[0]?.headers['last-event-id']).toBe('7');
    for (const id of [8, 9]) {
      send(`id: ${id}\n\n`);
      const [event] = (await once(stream, 'data')) as [Buffer];
      expect(event.toString()).toBe(`id: ${id}\n\n`);
    }
    stream.destroy();
  });

  it('lets a stream be silent longer than an answer may take', async () => {
    const upstream = await startUpstream((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      setTimeout(() => response.write('id: 1\n\n'), 2_500);
    });
    const gateway = await startGateway({ notifications: upstream }, { UPSTREAM_TIMEOUT_MS: '500' });
    const stream = await get(`${gateway.origin}/api/v1/stream`);
    const [event] = (await once(stream, 'data')) as [Buffer];
    expect(event.toString()).toBe('id: 1\n\n');
    stream.destroy();
  });
});

describe('a body on its way through the gateway', () => {
  it('reaches the service part by part while the client still sends', async () => {
    const parts: string[] = [];
    const upstream = await startUpstream((request, response) => {
      request.on('data', (part: Buffer) => parts.push(part.toString()));
      request.on('end', () => response.end('done'));
    });
    const gateway = await startGateway({ orders: upstream });
    const request = httpRequest(`${gateway.origin}/api/v1/orders`, { method: 'POST', headers: { 'Content-Type': 'application/json' } });
    request.write('{"items":');
    await eventually(() => parts.join('') === '{"items":', 'the first part is passed on before the second is sent');
    request.end('[]}');
    expect((await buffer(await responseTo(request))).toString()).toBe('done');
    expect(parts.join('')).toBe('{"items":[]}');
    expect(upstream.requests[0]?.headers['transfer-encoding']).toBe('chunked');
  });

  it('keeps its length when the client announced one', async () => {
    const upstream = await startUpstream((request, response) => void buffer(request).then((body) => response.end(body)));
    const gateway = await startGateway({ orders: upstream });
    const body = 'x'.repeat(60_000);
    const request = httpRequest(`${gateway.origin}/api/v1/orders`, { method: 'POST', headers: { 'Content-Length': body.length } });
    request.end(body);
    expect((await buffer(await responseTo(request))).toString()).toBe(body);
    expect(upstream.requests[0]?.headers['content-length']).toBe('60000');
    expect(upstream.requests[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('need not be whole before the service answers', async () => {
    const upstream = await startUpstream((_request, response) => response.writeHead(401, { 'Content-Length': 2 }).end('no'));
    const gateway = await startGateway({ orders: upstream });
    const request = httpRequest(`${gateway.origin}/api/v1/orders`, { method: 'POST' });
    request.on('error', () => undefined);
    request.write('{');
    const response = await responseTo(request);
    expect([response.statusCode, (await buffer(response)).toString()]).toEqual([401, 'no']);
    request.destroy();
  });
});

describe('a client that goes away', () => {
  it('ends the request behind while it waits for an answer', async () => {
    let closed = false;
    const upstream = await startUpstream((_request, response) => void response.once('close', () => (closed = true)));
    const gateway = await startGateway({ orders: upstream });
    const request = httpRequest(`${gateway.origin}/api/v1/menu`, { headers: { prefer: 'wait=30' } }).end();
    request.on('error', () => undefined);
    await eventually(() => upstream.requests.length === 1, 'the request arrives');
    request.destroy();
    await eventually(() => closed, 'the service behind is told');
  });

  it('ends the request behind while an answer streams', async () => {
    let closed = false;
    const upstream = await startUpstream((_request, response) => {
      response.once('close', () => (closed = true));
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':\n\n');
    });
    const gateway = await startGateway({ notifications: upstream });
    const stream = await get(`${gateway.origin}/api/v1/stream`);
    stream.destroy();
    await eventually(() => closed, 'the service behind is told');
  });

  it('ends the request behind while it sends its body', async () => {
    let aborted = false;
    const upstream = await startUpstream((request) => void request.on('error', () => (aborted = true)));
    const gateway = await startGateway({ orders: upstream });
    const request = httpRequest(`${gateway.origin}/api/v1/orders`, { method: 'POST' });
    request.on('error', () => undefined);
    request.write('{"items":');
    await eventually(() => upstream.requests.length === 1, 'the request arrives');
    request.destroy();
    await eventually(() => aborted, 'the service behind sees the body break off');
  });
});

describe('a gateway that shuts down', () => {
  it('ends open streams, and the requests behind them', async () => {
    let closed = false;
    const upstream = await startUpstream((_request, response) => {
      response.once('close', () => (closed = true));
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(':\n\n');
    });
    const gateway = await startGateway({ notifications: upstream });
    const stream = await get(`${gateway.origin}/api/v1/stream`);
    const ended = buffer(stream);
    await gateway.close();
    expect((await ended).toString()).toBe(':\n\n');
    await eventually(() => closed, 'the stream behind is closed too');
  });
});
