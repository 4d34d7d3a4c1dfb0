import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLedger, readLedger } from './ledger.ts';
import type { LedgerLine } from './ledger-entry.ts';
import { summarizeKeys } from './ledger-keys.ts';

const begin = (key: string, attempt = 1): LedgerLine => ({ line: 'begin', key, attempt, customerId: 'c1', payloadHash: 'p1', start: '2026-01-01T00:00:00.000Z' });
const end = (key: string, outcome: 'acknowledged' | 'unknown' | 'refused', more: { attempt?: number; orderId?: string } = {}): LedgerLine => ({
  ...begin(key, more.attempt),
  line: 'end',
  end: '2026-01-01T00:00:01.000Z',
  outcome,
  ...more,
});

describe('the ledger', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'ledger-')); });
  afterEach(() => rm(folder, { recursive: true }));

  test('when lines are written, then synced means that a reader finds them all, in order', async () => {
    const ledger = await createLedger(join(folder, 'ledger.jsonl'));
    const lines = Array.from({ length: 500 }, (_, index) => begin(`key-${index}`));
    for (const line of lines) ledger.write(line);
    await ledger.synced();
    expect(await readLedger(ledger.path)).toEqual(lines);
    await ledger.close();
  });

  test('when the last line was cut short by a crash, then the others are read', async () => {
    const ledger = await createLedger(join(folder, 'ledger.jsonl'));
    ledger.write(begin('whole'));
    await ledger.close();
    await appendFile(ledger.path, JSON.stringify(begin('cut')).slice(0, 20));
    expect((await readLedger(ledger.path)).map((line) => line.key)).toEqual(['whole']);
  });

  test('when a line in the middle is damaged, then reading fails', async () => {
    const path = join(folder, 'ledger.jsonl');
    const ledger = await createLedger(path);
    ledger.write(begin('a'));
    await ledger.close();
    await appendFile(path, 'damage\n');
    expect(await readFile(path, 'utf8')).toContain('damage');
    await expect(readLedger(path)).rejects.toThrow();
  });

  test('when it cannot be written, then synced rejects', async () => {
    await expect(createLedger(join(folder, 'missing', 'ledger.jsonl'))).rejects.toThrow('ENOENT');
  });
});

describe('summarizeKeys', () => {
  const outcomeOf = (...lines: LedgerLine[]): string | undefined => summarizeKeys(lines)[0]?.outcome;

  test('when one of several attempts was acknowledged, then the key is', () => {
    expect(outcomeOf(begin('k'), end('k', 'unknown'), begin('k', 2), end('k', 'acknowledged', { attempt: 2, orderId: 'o1' }))).toBe('acknowledged');
  });

  test('when an attempt never ended, then the key is unknown', () => {
    expect(outcomeOf(begin('k'))).toBe('unknown');
  });

  test('when an unknown attempt was followed by a refusal, then it may still exist', () => {
    expect(outcomeOf(begin('k'), end('k', 'unknown'), begin('k', 2), end('k', 'refused', { attempt: 2 }))).toBe('unknown');
  });

  test('when every attempt was refused, then it must not exist', () => {
    expect(outcomeOf(begin('k'), end('k', 'refused'))).toBe('refused');
  });

  test('when two attempts were acknowledged as different orders, then both ids are kept', () => {
    const [key] = summarizeKeys([begin('k'), end('k', 'acknowledged', { orderId: 'o1' }), begin('k', 2), end('k', 'acknowledged', { attempt: 2, orderId: 'o2' })]);
    expect(key).toMatchObject({ orderIds: ['o1', 'o2'], attempts: 2 });
  });
});
