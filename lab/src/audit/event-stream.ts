/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  id: string | undefined;
  event: string;
  data: string;
}

/** Cuts a `text/event-stream` (WHATWG HTML §9.2) into events, chunk by chunk. Comments are left out. */
export function createEventStreamParser(onEvent: (event: ServerSentEvent) => void): (chunk: string) => void {
  let rest = '';
  let lines: string[] = [];
  return (chunk) => {
    const all = (rest + chunk).split(/\r?\n/);
    rest = all.pop() ?? '';
    for (const line of all) {
      if (line !== '') {
        lines.push(line);
        continue;
      }
      const event = eventOf(lines);
      lines = [];
      if (event !== undefined) onEvent(event);
    }
  };
}

function eventOf(lines: readonly string[]): ServerSentEvent | undefined {
  const values = (field: string): string[] =>
    lines.filter((line) => line === field || line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  const data = values('data');
  if (data.length === 0) return undefined;
  return { id: values('id').at(-1), event: values('event').at(-1) ?? 'message', data: data.join('\n') };
}
