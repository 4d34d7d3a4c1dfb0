import type { StreamEvent } from '@doubleshot/contracts';

/** Sent now and then so that neither end, nor a proxy between them, takes a quiet stream for a dead one. */
export const HEARTBEAT = ': heartbeat\n\n';

/** JSON has no raw line breaks, so one `data:` line is enough. */
export function formatStreamEvent({ id, event, data }: StreamEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** How long to wait before reconnecting, and an id without data: nothing is dispatched, yet a client that saw no event resumes from here. */
export function formatOpening(retryMs: number, id: number): string {
  return `retry: ${retryMs}\nid: ${id}\n\n`;
}
