import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { faultOfProblem, type Answer } from './support/contract.ts';
import { API, ESPRESSO, newCustomer, problemOf, type Customer } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

const ORDER = JSON.stringify({ items: [{ menuItemId: ESPRESSO, quantity: 1 }] });

describeEachTopology('faults of requests', (shop) => {
  let ada: Customer;
  beforeAll(async () => { ada = await newCustomer(shop); });

  /** Sends bytes that no HTTP client would; answers what comes back until the connection ends. */
  async function sendRaw(text: string): Promise<Answer> {
    const { hostname, port } = new URL(shop.baseUrl);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.write(text);
    await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
    const [head = '', body = ''] = received.split(/\r\n\r\n(.*)/s);
    const [statusLine = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    const chunked = headers['transfer-encoding'] === 'chunked';
    const plain = chunked ? body.replace(/^[0-9a-f]+\r\n/i, '').replace(/\r\n0\r\n\r\n$/, '') : body;
    return { status: Number(statusLine.split(' ')[1]), headers, text: plain, body: JSON.parse(plain) };
  }

  test.each([
    '/',
    '/api',
    '/api/v1',
    '/api/v1/nothing',
    '/api/v1/orders/',
    '/API/v1/menu',
    '/api/v1//menu',
    '/livez',
    '/metrics',
    '/log-level',
    '/parked',
  ])('%s is 404', async (path) => {
    expect(problemOf(await ada.request(path))).toEqual([404, 'route_not_found']);
  });

  test.each([
    ['DELETE', '/orders', 'GET, HEAD, POST'],
    ['POST', '/menu', 'GET, HEAD'],
    ['GET', '/auth/login', 'POST'],
    ['OPTIONS', '/stream', 'GET, HEAD'],
  ] as const)('%s %s is 405 and tells what is allowed', async (method, path, allow) => {
    const answer = await ada.request(`${API}${path}`, { method });
    expect(problemOf(answer)).toEqual([405, 'method_not_allowed']);
    expect(String(answer.headers['allow']).split(', ').sort()).toEqual(allow.split(', ').sort());
  });

  test('a body that is not JSON by name is 415, by content 400, too large 413, in another charset or coding 415', async () => {
    const send = (body: string | Buffer, headers: Record<string, string>): Promise<Answer> => ada.request(
      `${API}/orders`,
      { method: 'POST', body, headers: { 'idempotency-key': 'fault', ...headers } },
    );
    expect(problemOf(await send(ORDER, { 'content-type': 'text/plain' }))).toEqual([415, 'unsupported_media_type']);
    expect(problemOf(await send(ORDER, { 'content-type': 'application/json; charset=utf-16' }))).toEqual([415, 'unsupported_media_type']);
    expect(problemOf(await send(ORDER, { 'content-encoding': 'gzip' }))).toEqual([415, 'unsupported_media_type']);
    expect(problemOf(await send('{"items":', {}))).toEqual([400, 'malformed_request']);
    expect(problemOf(await send(Buffer.from([0x22, 0xc3, 0x28, 0x22]), {}))).toEqual([400, 'malformed_request']);
    expect(problemOf(await send(JSON.stringify({ items: 'x'.repeat(100_000) }), {}))).toEqual([413, 'payload_too_large']);
    expect(problemOf(await send('null', {}))).toEqual([400, 'validation_failed']);
  });

  test('a target that is too long is 414, heads that are too large 431', async () => {
    expect(problemOf(await ada.request(`${API}/orders?cursor=${'x'.repeat(5_000)}`))).toEqual([414, 'uri_too_long']);
    expect(problemOf(await ada.request(`${API}/menu`, { headers: { 'x-large': 'x'.repeat(20_000) } }))).toEqual([431, 'headers_too_large']);
  });

  test.each([
    ['nonsense', 'what is this\r\n\r\n'],
    ['no host', 'GET /api/v1/menu HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two lengths', 'POST /api/v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nnull'],
    ['a length and chunks', 'POST /api/v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a header that is none', 'GET /api/v1/menu HTTP/1.1\r\nHost: shop\r\nno colon here\r\n\r\n'],
    ['a target of another host', 'GET http://elsewhere/api/v1/menu HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n'],
    ['an undecodable path', 'GET /api/v1/orders/%zz HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n'],
  ])('%s is answered with a problem document, and nothing breaks', async (_, text) => {
    const answer = await sendRaw(text);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(faultOfProblem(answer)).toBeUndefined();
    expect((await shop.request(`${API}/menu`)).status).toBe(200);
  });

  test('HEAD answers what GET does, without the body', async () => {
    const [get, head] = [await shop.request(`${API}/menu`), await shop.request(`${API}/menu`, { method: 'HEAD' })];
    expect([head.status, head.text, head.headers['content-type']]).toEqual([200, '', get.headers['content-type']]);
  });

  test('a request id is taken up if it is harmless, and given otherwise', async () => {
    expect((await shop.request(`${API}/menu`, { headers: { 'x-request-id': 'my-own-id' } })).headers['x-request-id']).toBe('my-own-id');
    expect((await shop.request(`${API}/menu`, { headers: { 'x-request-id': 'a b<c>' } })).headers['x-request-id']).toMatch(/^[\w-]+$/);
  });

  test('who one is cannot be claimed by a header', async () => {
    const claim = { 'x-user-id': ada.id, 'x-user-role': 'staff', 'x-forwarded-user': ada.id };
    expect(problemOf(await shop.request(`${API}/auth/me`, { headers: claim }))).toEqual([401, 'token_missing']);
    const eve = await newCustomer(shop);
    expect((await eve.request(`${API}/auth/me`, { headers: claim })).body).toMatchObject({ user: { id: eve.id, role: 'customer' } });
  });
});
