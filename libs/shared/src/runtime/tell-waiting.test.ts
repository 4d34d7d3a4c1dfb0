import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { tellWaiting } from './tell-waiting.ts';

test('when the same fails again, then each line says what is waited for and why, the first and every other one with the whole error', () => {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({ write: (chunk: Buffer, _encoding, done) => { lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>); done(); } });
  const tell = tellWaiting(createLogger({ service: 'tiny', level: 'warn', destination }), 'the database (DATABASE_URL)');
  const refused = new Error('connect ECONNREFUSED postgres://barista:beans@127.0.0.1:1/shop');
  for (const error of [refused, refused, new Error('the server is starting up')]) tell(error);
  expect(lines.map((line) => [line['message'], 'error' in line])).toEqual([
    ['waiting for the database (DATABASE_URL): connect ECONNREFUSED postgres://[redacted]@127.0.0.1:1/shop', true],
    ['waiting for the database (DATABASE_URL): connect ECONNREFUSED postgres://[redacted]@127.0.0.1:1/shop', false],
    ['waiting for the database (DATABASE_URL): the server is starting up', true],
  ]);
});
