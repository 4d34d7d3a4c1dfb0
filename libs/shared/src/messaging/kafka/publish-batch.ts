import type { OutgoingRecord } from './record-codec.ts';

/** Bytes of one request: a partition takes 1 MB at once, and all of them may be for one partition. */
export const BATCH_BYTES = 500_000;
/** The largest record with all its headers, those of parking and replaying among them: a broker takes 1,048,588 bytes with what it adds to it. */
export const LARGEST_RECORD_BYTES = 1_040_000;

/** One call of `publish`, some of whose records may be stored already. */
export interface PublishCall {
  readonly topic: string;
  readonly records: readonly OutgoingRecord[];
  /** Bytes of each record. */
  readonly sizes: readonly number[];
  /** How many of them are stored. */
  stored: number;
}

/** Records of one call that go into one request. */
export interface BatchPart<C extends PublishCall> {
  call: C;
  count: number;
}

/** What goes into the next request: from the oldest call on as much as fits, one record at least. */
export function nextBatch<C extends PublishCall>(calls: readonly C[]): BatchPart<C>[] {
  const parts: BatchPart<C>[] = [];
  let bytes = 0;
  for (const call of calls) {
    let count = 0;
    for (const size of call.sizes.slice(call.stored)) {
      if (bytes > 0 && bytes + size > BATCH_BYTES) break;
      bytes += size;
      count += 1;
    }
    if (count > 0) parts.push({ call, count });
    if (call.stored + count < call.records.length) break;
  }
  return parts;
}

/** About the bytes a record takes in a request. */
export function sizeOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + Buffer.byteLength(value);
  for (const [name, text] of Object.entries(headers)) bytes += HEADER_OVERHEAD_BYTES + Buffer.byteLength(name) + Buffer.byteLength(text);
  return bytes;
}

const RECORD_OVERHEAD_BYTES = 32;
const HEADER_OVERHEAD_BYTES = 4;
