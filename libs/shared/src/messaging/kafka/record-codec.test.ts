import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import type { Message } from '../message.ts';
import { decodeMessage, decodeParked, encodeMessage, encodeParked, encodeReplay, replayedFor, type OutgoingRecord } from './record-codec.ts';

const MESSAGE: Message = { id: 'id-1', key: 'žluť', headers: { traceparent: '00-1', 'X-Case': 'Kept' }, payload: '{"a":"𝒞"}' };

/** What a consumer gets. */
function stored({ key, value, headers }: OutgoingRecord): KafkaMessage {
  const bytes = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
  return { key: Buffer.from(key), value: Buffer.from(value), headers: bytes, timestamp: '1700000000000', offset: '7', attributes: 0 };
}

test('when a message is written and read, then it is the same', () => {
  expect(decodeMessage(stored(encodeMessage(MESSAGE)), 't/0/7')).toEqual(MESSAGE);
});

test('when a message is replayed, then it is for one group, which sees the message as it was', () => {
  const record = stored(encodeReplay(MESSAGE, 'g'));
  expect(replayedFor(record)).toBe('g');
  expect(decodeMessage(record, 't/0/7')).toEqual(MESSAGE);
  expect(replayedFor(stored(encodeMessage(MESSAGE)))).toBeUndefined();
});

test('when a message is parked, then it keeps its group, attempts and reason', () => {
  const parked = decodeParked(stored(encodeParked({ message: MESSAGE, group: 'g', attempts: 3, reason: 'too bitter: žluť' })), 't');
  expect(parked).toEqual({ message: MESSAGE, source: 't', group: 'g', attempts: 3, reason: 'too bitter: žluť', parkedAt: new Date(1_700_000_000_000) });
});

test('when a foreign producer wrote a record, then its place is its id, and of a repeated header the last counts', () => {
  const record: KafkaMessage = { key: null, value: null, timestamp: '0', offset: '7', attributes: 0, headers: { a: [Buffer.from('1'), '2'], none: undefined } };
  expect(decodeMessage(record, 't/0/7')).toEqual({ id: 't/0/7', key: '', headers: { a: '2' }, payload: '' });
});
