import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createEventStreamParser } from '../../lab/src/audit/event-stream.ts';

export interface ReceivedEvent {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

/** One connection to a stream, over a socket of its own. */
export interface EventStreamClient {
  status: number;
  headers: IncomingMessage['headers'];
  /** What came so far, in order. */
  events: readonly ReceivedEvent[];
  /** Everything that came so far, as text: a problem document when the status says so. */
  text(): string;
  ids(): number[];
  hasEnded(): boolean;
  /** Stops reading, so that the server's writes pile up. */
  pause(): void;
  resume(): void;
  /** Ends the connection from this side. */
  close(): void;
}

export interface OpenEventStreamOptions {
  token: string;
  lastEventId?: number | string;
}

/** Resolves when the headers are there. */
export function openEventStream(url: string, { token, lastEventId }: OpenEventStreamOptions): Promise<EventStreamClient> {
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }) };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers, agent: false }, (response) => { resolve(follow(response, () => request.destroy())); });
    request.on('error', reject);
    request.end();
  });
}

function follow(response: IncomingMessage, close: () => void): EventStreamClient {
  const events: ReceivedEvent[] = [];
  let text = '';
  let ended = false;
  const parse = createEventStreamParser(({ id, event, data }) => events.push({ id: Number(id), event, data: JSON.parse(data) as Record<string, unknown> }));
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    parse(chunk);
  });
  response.on('error', () => undefined);
  response.on('close', () => { ended = true; });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    text: () => text,
    ids: () => events.map(({ id }) => id),
    hasEnded: () => ended,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close,
  };
}
