import { EVENTS, EXCHANGES, TASKS, TOPICS } from '@doubleshot/contracts';
import { COMMON_SETTINGS } from '@doubleshot/shared/runtime';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { createAsyncApiDocument } from './asyncapi-document.ts';
import { createEnvPage } from './env-page.ts';
import { EXCHANGE_FLOWS, TOPIC_FLOWS } from './message-flows.ts';
import { createMessagesPage } from './messages-page.ts';

const PARSE_TIMEOUT_MS = 30_000;

describe('AsyncAPI document', () => {
  it('is parsed without a finding, and has every message, channel and operation', { timeout: PARSE_TIMEOUT_MS }, async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(createAsyncApiDocument()));
    expect(diagnostics).toEqual([]);
    expect(document?.messages().all().map((message) => message.name()).sort()).toEqual([...EVENTS, ...TASKS].map(({ type }) => type).sort());
    const channels = document?.channels().all().map((channel) => channel.address());
    expect(channels).toEqual(expect.arrayContaining([...Object.values(TOPICS), ...Object.values(EXCHANGES)].map(({ name }) => name)));
    expect(document?.operations().filterByReceive().length).toBeGreaterThanOrEqual(6);
  });

  it('would have findings if a channel pointed at no message', { timeout: PARSE_TIMEOUT_MS }, async () => {
    const text = JSON.stringify(createAsyncApiDocument()).replaceAll('#/components/messages/brew.v1', '#/components/messages/tea.v1');
    const { diagnostics } = await new Parser().parse(text);
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});

describe('who sends what to whom', () => {
  it('is said of every topic, exchange and task', () => {
    expect(Object.keys(TOPIC_FLOWS).sort()).toEqual(Object.values(TOPICS).map(({ name }) => name).sort());
    expect(EXCHANGE_FLOWS.map(({ exchange }) => exchange)).toEqual(Object.values(EXCHANGES));
    expect(EXCHANGE_FLOWS.map(({ task }) => task)).toEqual([...TASKS]);
    for (const { exchange, queues } of EXCHANGE_FLOWS) for (const queue of queues) expect(queue.exchange).toBe(exchange.name);
  });
});

describe('page about messages', () => {
  const page = createMessagesPage();

  it.each([...EVENTS, ...TASKS].map((message) => [message.type, message] as const))('has a section about %s with its fields', (type, message) => {
    const [, section = ''] = page.split(`### \`${type}\`\n`);
    const fields = [...(section.split('\n#')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    expect(fields).toEqual(Object.keys((message.data as unknown as { shape: object }).shape));
  });

  it('names every field of the envelope', () => {
    const [, section = ''] = page.split('## Envelope\n');
    const fields = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
    const [{ schema }] = EVENTS;
    expect(fields.sort()).toEqual(Object.keys((schema as unknown as { shape: object }).shape).sort());
  });
});

describe('page about variables', () => {
  const lines = createEnvPage().split('\n');
  const rowOf = (variable: string): string | undefined => lines.find((line) => line.startsWith(`| \`${variable}\` |`));

  it('has a row with a meaning for each', () => {
    const rows = lines.filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(Object.keys(COMMON_SETTINGS).length + 20);
    for (const row of rows) expect(row.split(' | ').at(-1)?.length, row).toBeGreaterThan(10);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it.each([
    ['PORT', '| `0` | all |'],
    ['DATABASE_URL', '| **needed** | auth, orders, notifications, monolith |'],
    ['ORDERS_URL', '| **needed** | gateway, monolith, where `MODULES` leaves modules out |'],
    ['JWKS_URL', '|  | orders, notifications, monolith, where `MODULES` leaves modules out |'],
    ['SIGNING_KEY_SECRET', '| **needed** | auth, monolith |'],
    ['RATE_LIMIT_PER_SECOND', '| `100` | gateway, monolith |'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', '|  | all |'],
  ])('says of %s who reads it and whether it is needed', (variable, expected) => expect(rowOf(variable)).toContain(expected));
});
