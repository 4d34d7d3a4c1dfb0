import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Message, ParkedMessage } from '../message.ts';

/** A record to be written. */
export interface OutgoingRecord {
  key: string;
  value: string;
  headers: Record<string, string>;
}

/** Headers of ours, which handlers never see. */
const PREFIX = 'doubleshot-';
const ID = `${PREFIX}message-id`;
const REPLAY_FOR = `${PREFIX}replay-for`;
const GROUP = `${PREFIX}group`;
const ATTEMPTS = `${PREFIX}attempts`;
const REASON = `${PREFIX}reason`;

export function encodeMessage({ id, key, headers, payload }: Message): OutgoingRecord {
  return { key, value: payload, headers: { ...headers, [ID]: id } };
}

/** A message for one group alone: others pass it by. */
export function encodeReplay(message: Message, group: string): OutgoingRecord {
  const record = encodeMessage(message);
  return { ...record, headers: { ...record.headers, [REPLAY_FOR]: group } };
}

export function encodeParked({ message, group, attempts, reason }: Omit<ParkedMessage, 'parkedAt' | 'source'>): OutgoingRecord {
  const record = encodeMessage(message);
  return { ...record, headers: { ...record.headers, [GROUP]: group, [ATTEMPTS]: String(attempts), [REASON]: reason } };
}

/** `place` names the record for ever; it stands in where a foreign producer gave it no id. */
export function decodeMessage({ key, value, headers }: KafkaMessage, place: string): Message {
  const all = textsOf(headers);
  const own = Object.entries(all).filter(([name]) => !name.startsWith(PREFIX));
  return { id: all[ID] ?? place, key: key?.toString() ?? '', headers: Object.fromEntries(own), payload: value?.toString() ?? '' };
}

/** The one group a record is for, if it was replayed. */
export function replayedFor({ headers }: KafkaMessage): string | undefined {
  return textOf(headers?.[REPLAY_FOR]);
}

export function decodeParked(record: KafkaMessage, source: string): ParkedMessage {
  const headers = textsOf(record.headers);
  return {
    message: decodeMessage(record, `${source}/${record.offset}`),
    source,
    group: headers[GROUP] ?? '',
    attempts: Number(headers[ATTEMPTS] ?? '0'),
    reason: headers[REASON] ?? '',
    parkedAt: new Date(Number(record.timestamp)),
  };
}

function textsOf(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text]];
  }));
}

/** Of a header that was given more than once the last counts. */
function textOf(value: IHeaders[string]): string | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last?.toString();
}
