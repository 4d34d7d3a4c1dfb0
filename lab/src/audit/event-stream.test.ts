import { expect, test } from 'vitest';
import { createEventStreamParser, type ServerSentEvent } from './event-stream.ts';

const TEXT = ': hello\n\nid: 1\nevent: order.status\ndata: {"a":1}\n\nid:2\r\ndata:x\r\ndata: y\r\n\r\nevent: no data\n\nid: 3\ndata: cut';

test.each([1, 2, 3, 7, 1000])('when a stream comes in pieces of %i characters, then its events come whole', (size) => {
  const events: ServerSentEvent[] = [];
  const parse = createEventStreamParser((event) => { events.push(event); });
  for (let at = 0; at < TEXT.length; at += size) parse(TEXT.slice(at, at + size));
  expect(events).toEqual([
    { id: '1', event: 'order.status', data: '{"a":1}' },
    { id: '2', event: 'message', data: 'x\ny' },
  ]);
});
