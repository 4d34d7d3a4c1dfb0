import { MODULE_NAMES, TokenPair } from '@doubleshot/contracts';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { z } from 'zod';
import { answerName, expectContract, parseJson, type Answer } from './contract.ts';
import { BACKENDS, TOPOLOGIES } from './topologies.ts';

const Descriptor = z.object({
  baseUrl: z.string(),
  staff: z.object({ email: z.string(), password: z.string() }),
  processes: z.array(z.object({ name: z.string(), modules: z.array(z.enum(MODULE_NAMES)), opsOrigin: z.string(), unexpectedEnds: z.number() })),
});
type Descriptor = z.infer<typeof Descriptor>;

const Mail = z.object({ messageId: z.string(), to: z.array(z.string()), subject: z.string(), text: z.string(), traceId: z.string().optional() });
const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  service: z.string(),
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
  failed: z.boolean(),
  startMs: z.number(),
  durationMs: z.number(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
});
export type Span = z.infer<typeof Span>;

export interface RequestOptions {
  method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'OPTIONS';
  token?: string;
  headers?: Record<string, string>;
  /** Sent as JSON; a string or bytes as they are. */
  body?: unknown;
}

/** A running shop as somebody outside sees it, and what its mail and trace receivers got. */
export interface ShopUnderTest {
  readonly topology: string;
  readonly baseUrl: string;
  readonly processes: Descriptor['processes'];
  /** Every answer is held against the contract. */
  request(path: string, options?: RequestOptions): Promise<Answer>;
  staffToken(): Promise<string>;
  mailsTo(address: string): Promise<z.infer<typeof Mail>[]>;
  /** Has the mail server refuse mail to an address for good, or take it again. */
  refuseMail(address: string): Promise<void>;
  acceptMail(address: string): Promise<void>;
  spans(of: { order: string } | { trace: string }): Promise<Span[]>;
  /** What each process wrote until now, by its name. */
  logs(): Promise<Record<string, string>>;
  /** How it is now. */
  describe(): Promise<Descriptor>;
}

/** Runs the same specification against every topology; its name is in the name of each test. */
export function describeEachTopology(what: string, define: (shop: ShopUnderTest) => void): void {
  describe.each(TOPOLOGIES)(`${what} [%s, ${BACKENDS}]`, (topology) => {
    const { shop, open, close } = createShopUnderTest(topology);
    beforeAll(open);
    afterAll(close);
    define(shop);
  });
}

/** One shop of this run; `open` it before the first request. `control` is the origin of a `startControl`: that of the whole run unless told. */
export function createShopUnderTest(topology: string, control = (): string => inject('e2eControl')): { shop: ShopUnderTest; open(): Promise<void>; close(): Promise<void> } {
  let descriptor: Descriptor = { baseUrl: '', staff: { email: '', password: '' }, processes: [] };
  let pool: Pool | undefined;
  let staffToken: Promise<string> | undefined;
  const seen = new Set<string>();

  async function ask(path: string, query: Record<string, string> = {}): Promise<unknown> {
    const response = await fetch(`${control()}${path}?${new URLSearchParams({ ...query, topology }).toString()}`);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  async function request(path: string, { method = 'GET', token, headers, body }: RequestOptions = {}): Promise<Answer> {
    if (pool === undefined) throw new Error('the shop is not open yet');
    const raw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined;
    const response = await pool.request({
      method,
      path,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    const answer = { status: response.statusCode, headers: response.headers, body: parseJson(text), text };
    expectContract(method, path, answer);
    const name = answerName(method, path, answer);
    if (name !== undefined) seen.add(name);
    return answer;
  }

  async function logInStaff(): Promise<string> {
    const answer = await request('/api/v1/auth/login', { method: 'POST', body: descriptor.staff });
    return TokenPair.parse(answer.body).accessToken;
  }

  const shop: ShopUnderTest = {
    topology,
    get baseUrl() {
      return descriptor.baseUrl;
    },
    get processes() {
      return descriptor.processes;
    },
    request,
    staffToken: () => (staffToken ??= logInStaff()),
    mailsTo: async (to) => z.array(Mail).parse(await ask('/mails', { to })),
    refuseMail: async (to) => { await ask('/refuse', { to }); },
    acceptMail: async (to) => { await ask('/accept', { to }); },
    spans: async (of) => z.array(Span).parse(await ask('/spans', of)),
    logs: async () => z.record(z.string(), z.string()).parse(await ask('/logs')),
    describe: async () => Descriptor.parse(await ask('/shop')),
  };
  return {
    shop,
    async open() {
      descriptor = await shop.describe();
      pool = new Pool(descriptor.baseUrl, { connections: 64, headersTimeout: 40_000, bodyTimeout: 40_000 });
    },
    close: async () => {
      await ask('/seen', { answers: [...seen].join() });
      await pool?.destroy();
    },
  };
}
