import type { StreamEvent } from '@doubleshot/contracts';
import type { BoundedWriter } from './bounded-writer.ts';
import { formatOpening, formatStreamEvent, HEARTBEAT } from './event-stream-format.ts';

const PAGE_SIZE = 200;
const RETRY_MIN_MS = 1_000;
/** Clients that lost their stream together come back spread over this time. */
const RETRY_SPREAD_MS = 2_000;
const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

/** One open stream. Each event is written once, in the order of ids, without gaps: what live messages lack is read from the database. */
export interface StreamConnection {
  readonly userId: string;
  /**
   * Begins behind `fromId`; `head` is the newest id there was when it was asked for. What was offered since this connection exists is not lost.
   * False when it was ended before.
   */
  open(fromId: number, head: number): boolean;
  /** A live event: written at once when it is the next one, ignored when written before, otherwise the reason to read the database. */
  offer(event: StreamEvent): void;
  /** There are events up to `id`: reads those that are missing. */
  catchUp(id: number): void;
  heartbeat(): void;
  /** Ends the stream in good order; the client reconnects. Before `open` nothing is answered. */
  end(): void;
}

export interface StreamConnectionOptions {
  userId: string;
  writer: BoundedWriter;
  /** Events behind `id`, oldest first. */
  readAfter(id: number, limit: number): Promise<readonly StreamEvent[]>;
  /** A read failed; the stream stays open and reads again at the next reason to. */
  onReadError(error: unknown): void;
}

export function createStreamConnection({ userId, writer, readAfter, onReadError }: StreamConnectionOptions): StreamConnection {
  let sentId = 0;
  /** The newest id that is known to exist. */
  let knownId = 0;
  let state: 'opening' | 'idle' | 'reading' | 'ended' = 'opening';

  function send(event: StreamEvent): void {
    writer.write(formatStreamEvent(event));
    sentId = event.id;
    knownId = Math.max(knownId, sentId);
  }

  function isReading(): boolean {
    return state === 'reading';
  }

  async function readMissing(): Promise<void> {
    while (sentId < knownId && isReading() && !writer.isGone()) {
      const target = knownId;
      const events = await readAfter(sentId, PAGE_SIZE);
      if (!isReading()) return;
      for (const event of events) {
        send(event);
        // At the client's pace: a long way to catch up is no reason to disconnect it.
        await writer.drained();
        if (!isReading()) return;
      }
      // Ids are committed in order, so what is not there any more was deleted by age.
      if (events.length < PAGE_SIZE) sentId = Math.max(sentId, target);
    }
  }

  function read(): void {
    if (state !== 'idle' || knownId <= sentId || writer.isGone()) return;
    state = 'reading';
    void readMissing()
      .then(() => true, (error: unknown) => {
        onReadError(error);
        return false;
      })
      .then((complete) => {
        if (isReading()) state = 'idle';
        // Something may have been offered since the last look; a read that failed waits for the next reason instead.
        if (complete) read();
      });
  }

  function catchUp(id: number): void {
    knownId = Math.max(knownId, id);
    read();
  }

  return {
    userId,
    open(fromId, head) {
      if (state !== 'opening' || writer.isGone()) return false;
      sentId = fromId;
      state = 'idle';
      writer.begin(HEADERS);
      writer.write(formatOpening(RETRY_MIN_MS + Math.floor(Math.random() * RETRY_SPREAD_MS), fromId));
      catchUp(head);
      return true;
    },
    offer(event) {
      if (state === 'idle' && event.id === sentId + 1) send(event);
      else catchUp(event.id);
    },
    catchUp,
    heartbeat() {
      if (state !== 'opening') writer.write(HEARTBEAT);
    },
    end() {
      if (state === 'idle' || state === 'reading') writer.end();
      state = 'ended';
    },
  };
}
