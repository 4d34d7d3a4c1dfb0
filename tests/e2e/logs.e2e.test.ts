import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isMapped, readIndexTemplate } from '../setup/index-template.ts';
import { API, logIn, newCustomer, type Customer } from './support/customer.ts';
import { exemplarsOf } from './support/exemplars.ts';
import { linesOf, logAt, type LogLine } from './support/log-lines.ts';
import { serviceOf } from './support/order-tree.ts';
import { describeEachTopology, type Span } from './support/shop.ts';

const WORK_ON_ORDERS = ['gateway', 'orders', 'notifications'];
/** Requests in the trace with what must not be found. */
const PLANTED = 9;
const EACH_LINE_HAS = ['@timestamp', 'log.level', 'message', 'service.name', 'service.namespace', 'service.version', 'ecs.version', 'process.pid', 'host.hostname'];

describeEachTopology('the logs', (shop) => {
  beforeAll(() => logAt('trace', shop));
  afterAll(() => logAt('warn', shop, 1));

  async function linesByProcess(): Promise<Map<string, LogLine[]>> {
    return new Map(Object.entries(await shop.logs()).map(([name, log]) => [name, linesOf(log)]));
  }

  test('of every process that worked on an order name it, in the one trace that its spans and the exemplars of its request have', async () => {
    const ada = await newCustomer(shop);
    const { id } = await ada.placed();
    await expect.poll(async () => (await shop.mailsTo(ada.email)).length, { timeout: 20_000 }).toBe(1);
    const workers = shop.processes.filter(({ modules }) => modules.some((module) => WORK_ON_ORDERS.includes(module))).map(({ name }) => name);
    const about = async (): Promise<LogLine[]> => [...(await linesByProcess()).values()].flat().filter((line) => line['order.id'] === id);
    const emailed = (line: LogLine): boolean => line['messaging.source'] === 'notifications.email' && line['messaging.outcome'] === 'done';
    // An answer's line is written behind the answer, standard output behind both.
    await expect.poll(async () => (await about()).some(emailed), { timeout: 10_000 }).toBe(true);
    await expect.poll(async () => new Set((await about()).map((line) => line['service.name'])), { timeout: 10_000 }).toEqual(new Set(workers));

    const lines = await about();
    const traces = new Set(lines.map((line) => line['trace.id']));
    expect(traces.size).toBe(1);
    await expect.poll(async () => new Set((await shop.spans({ order: id })).map(({ traceId }) => traceId)), { timeout: 10_000 }).toEqual(traces);
    await expect.poll(async () => {
      const spans = new Set((await shop.spans({ order: id })).map(({ spanId }) => spanId));
      return lines.filter((line) => !spans.has(String(line['span.id'])));
    }, { timeout: 10_000 }).toEqual([]);
    // The latest of its duration: nobody else orders meanwhile.
    const answered = shop.processes.filter(({ modules }) => modules.some((module) => ['gateway', 'orders'].includes(module))).map(({ name }) => name);
    const examples = (await exemplarsOf(shop, { route: `${API}/orders`, status: 201 })).filter(({ traceId }) => traces.has(traceId));
    expect(new Set(examples.map(({ process }) => process))).toEqual(new Set(answered));
    // The gateway of the microservices does not know whose token it passes on.
    expect(new Set(lines.map((line) => line['user.id']).filter(Boolean))).toEqual(new Set([ada.id]));
  });

  test('have one line for each request and each message, with its time and how it went', async () => {
    const ada = await newCustomer(shop);
    const id = randomUUID();
    await ada.request(`${API}/orders/019aaf00-0000-7000-8000-00000000dead`, { headers: { 'x-request-id': id } });
    const requests = async (): Promise<LogLine[]> => [...(await linesByProcess()).values()].flat().filter((line) => line['http.request.id'] === id && line['message'] === 'request');
    const processes = new Set(shop.processes.filter(({ modules }) => modules.includes('gateway') || modules.includes('orders')).map(({ name }) => name));
    await expect.poll(async () => (await requests()).length, { timeout: 10_000 }).toBe(processes.size);
    for (const line of await requests()) expect(line).toMatchObject({ 'http.response.status_code': 404, 'event.duration': expect.any(Number), 'order.id': '019aaf00-0000-7000-8000-00000000dead' });
    expect(await requests()).toContainEqual(expect.objectContaining({ 'error.code': 'order_not_found', 'user.id': ada.id }));

    const { id: order } = await ada.placed();
    const handled = async (): Promise<string[]> => [...(await linesByProcess()).values()].flat()
      .filter((line) => line['order.id'] === order && line['messaging.outcome'] !== undefined)
      .map((line) => `${String(line['messaging.source'])} ${String(line['messaging.type'])} ${String(line['messaging.outcome'])}`);
    await expect.poll(async () => (await handled()).toSorted(), { timeout: 20_000 }).toEqual(expect.arrayContaining([
      'brewing.espresso brew.v1 done',
      'live live.v1 done',
      'notifications.email notify.v1 done',
      'notifications.inapp notify.v1 done',
      'orders.v1 order.brewing.v1 done',
      'orders.v1 order.placed.v1 done',
      'orders.v1 order.ready.v1 done',
    ]));
  });

  test('hold no e-mail address, password or token, whatever people do with them, however much is logged; nor do the spans', async () => {
    const ada = await newCustomer(shop);
    const trace = randomBytes(16).toString('hex');
    const secrets = await planted(ada, { traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` });
    const refused = await newCustomer(shop);
    await shop.refuseMail(refused.email);
    secrets.push(refused.email, refused.password, refused.token);
    const { id } = await refused.placed();
    const parked = async (): Promise<LogLine | undefined> => [...(await linesByProcess()).values()].flat().find((line) => line['order.id'] === id && line['messaging.outcome'] === 'park');
    await expect.poll(parked, { timeout: 20_000 }).toMatchObject({ 'error.message': expect.stringContaining('refused'), 'user.id': refused.id });
    await replayed(refused);
    let spans: Span[] = [];
    await expect.poll(async () => {
      spans = [...await shop.spans({ trace }), ...await shop.spans({ order: id })];
      const requests = spans.filter(({ kind, service }) => kind === 'server' && service === serviceOf(shop, 'gateway'));
      return [requests.length, ...['doubleshot.message.reason', 'doubleshot.message.replayed'].map((name) => spans.some(({ attributes }) => name in attributes))];
    }, { timeout: 20_000 }).toEqual([PLANTED + 1, true, true]);
    const told = [...Object.entries(await shop.logs()), ...spans.map((span): [string, string] => [`span ${span.name}`, JSON.stringify(span)])];
    expect(Object.values(await shop.logs()).every((log) => log.length > 1_000)).toBe(true);
    for (const secret of secrets) {
      for (const form of [secret, encodeURIComponent(secret), secret.toLowerCase()]) {
        expect(told.filter(([, text]) => text.includes(form)).map(([name]) => `${name}: ${form}`)).toEqual([]);
      }
    }
  });

  /** Uses everything secret of a customer in every place that people put it, rightly or not. Answers what must not be found. */
  async function planted(ada: Customer, headers: Record<string, string>): Promise<string[]> {
    const { email, password } = ada;
    const tokens = await logIn(shop, ada);
    const post = (path: string, body: unknown): ReturnType<typeof shop.request> => shop.request(`${API}/auth/${path}`, { method: 'POST', body, headers });
    const next = (await post('refresh', { refreshToken: tokens.refreshToken })).body as typeof tokens;
    await post('login', { email, password: `${password}!` });
    await post('register', { email, password, name: email });
    await post('login', `{"email":"${email}","password":"${password}"`);
    await ada.request(`${API}/orders/${encodeURIComponent(email)}?token=${next.refreshToken}`, { headers: { ...headers, 'user-agent': email } });
    await ada.request(`${API}/orders?cursor=${encodeURIComponent(email)}&email=${encodeURIComponent(email)}`, { headers });
    await shop.request(`${API}/auth/me`, { token: `${next.accessToken}x`, headers });
    await ada.placed({ headers });
    await shop.request(`${API}/auth/logout`, { method: 'POST', token: next.accessToken, headers });
    const { staff } = await shop.describe();
    return [email, password, ada.token, ada.refreshToken, tokens.accessToken, tokens.refreshToken, next.accessToken, next.refreshToken, staff.email, staff.password];
  }

  /** Others look whether anything is parked. */
  async function replayed({ email }: Customer): Promise<void> {
    await shop.acceptMail(email);
    const { opsOrigin } = shop.processes.find(({ modules }) => modules.includes('notifications'))!;
    await fetch(`${opsOrigin}/parked/notifications.email/replay`, { method: 'POST' });
    await expect.poll(async () => (await shop.mailsTo(email)).length, { timeout: 20_000 }).toBe(1);
  }

  test('have the fields that Elasticsearch is told of, and no others', async () => {
    const lines = [...(await linesByProcess()).values()].flat();
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => EACH_LINE_HAS.some((field) => line[field] === undefined))).toEqual([]);
    const template = readIndexTemplate();
    expect([...new Set(lines.flatMap(Object.keys))].filter((field) => !isMapped(field, template))).toEqual([]);
  });
});
