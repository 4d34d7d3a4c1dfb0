import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { recordSpans } from '../telemetry/testing/record-spans.ts';
import { withSpan } from '../telemetry/with-span.ts';
import { serverAttributes, withStatementSpan } from './statement-span.ts';

const exporter = recordSpans();
const SERVER = serverAttributes('postgres://shop:secret@db.test:5433/coffee%20shop');
const STATEMENT = { name: 'orders.find', text: 'SELECT 1' };

test('a statement is a span under what asked for it, named after itself or after its command', async () => {
  await withSpan('request', {}, async () => {
    await withStatementSpan(STATEMENT, SERVER, () => Promise.resolve());
    await withStatementSpan({ text: ' COMMIT;' }, SERVER, () => Promise.resolve());
  });
  const [find, commit, request] = exporter.getFinishedSpans();
  const server = { 'db.system.name': 'postgresql', 'db.namespace': 'coffee shop', 'server.address': 'db.test', 'server.port': 5_433 };
  expect(find).toMatchObject({ name: 'orders.find', kind: SpanKind.CLIENT, parentSpanContext: { spanId: request?.spanContext().spanId } });
  expect(find?.attributes).toEqual({ ...server, 'db.query.text': 'SELECT 1', 'db.query.summary': 'orders.find' });
  expect(commit).toMatchObject({ name: 'COMMIT', attributes: { ...server, 'db.operation.name': 'COMMIT' } });
});

test('one that fails is an error with its SQLSTATE, and rejects all the same', async () => {
  const duplicate = Object.assign(new Error('duplicate key'), { code: '23505' });
  await withSpan('request', {}, () => expect(withStatementSpan(STATEMENT, SERVER, () => Promise.reject(duplicate))).rejects.toBe(duplicate));
  expect(exporter.getFinishedSpans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': '23505' } });
});

test('what nobody’s request caused makes none', async () => {
  expect(await withStatementSpan(STATEMENT, SERVER, () => Promise.resolve(1))).toBe(1);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test('a server without a port listens on that of PostgreSQL, and no password is told', () => {
  expect(serverAttributes('postgres://shop:secret@db.test/shop')).toEqual({ 'db.system.name': 'postgresql', 'db.namespace': 'shop', 'server.address': 'db.test', 'server.port': 5_432 });
});
