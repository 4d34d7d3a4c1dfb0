import { z } from 'zod';

const Line = z.object({
  '@timestamp': z.string(),
  'log.level': z.string(),
  'service.name': z.string(),
  'trace.id': z.string().optional(),
  message: z.string(),
  messaging: z.object({ source: z.string(), type: z.string().optional(), outcome: z.string().optional(), attempt: z.number().optional() }).optional(),
  http: z.object({ request: z.object({ method: z.string() }), response: z.object({ status_code: z.number() }).optional() }).optional(),
  url: z.object({ path: z.string() }).optional(),
  event: z.object({ duration: z.number() }).optional(),
  error: z.object({ code: z.string().optional(), message: z.string().optional() }).optional(),
  reason: z.string().optional(),
});
type Line = z.infer<typeof Line>;

const NS_PER_MS = 1e6;
const TIME_OF_INSTANT = [11, 23] as const;

/** The lines that name an order, a user, a message or a trace, and all others of their traces, oldest first. Lines are those of any number of logs. */
export function linesAbout(id: string, lines: readonly string[]): Line[] {
  const naming = lines.filter((line) => line.includes(id)).flatMap(parse);
  const traces = new Set(naming.flatMap((line) => line['trace.id'] ?? []));
  const rest = lines.filter((line) => !line.includes(id)).flatMap(parse).filter((line) => traces.has(line['trace.id'] ?? ''));
  return [...naming, ...rest].toSorted((a, b) => a['@timestamp'].localeCompare(b['@timestamp']));
}

// What is no line of a process, a sentence on standard error say, is left out.
function parse(line: string): Line[] {
  try {
    return [Line.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

/** Lines for people: when, who, how bad, what, how long, and why. Names the traces first. */
export function renderLines(lines: readonly Line[]): string {
  const traces = new Set(lines.flatMap((line) => line['trace.id'] ?? []));
  const services = Math.max(...lines.map((line) => line['service.name'].length));
  const rows = lines.map((line) => `${line['@timestamp'].slice(...TIME_OF_INSTANT)}  ${line['service.name'].padEnd(services)}  ${line['log.level'].padEnd(5)}  ${whatOf(line)}${tookOf(line)}${whyOf(line)}`);
  return [...[...traces].map((trace) => `trace ${trace}`), ...rows].join('\n');
}

function whatOf({ message, messaging, http, url }: Line): string {
  if (messaging !== undefined) return [message, messaging.source, messaging.type, messaging.attempt !== undefined && messaging.attempt > 1 && `(try ${messaging.attempt})`].filter(Boolean).join(' ');
  if (http !== undefined) return [message, http.request.method, url?.path, http.response?.status_code].filter(Boolean).join(' ');
  return message;
}

function tookOf({ event }: Line): string {
  return event === undefined ? '' : `  ${(event.duration / NS_PER_MS).toFixed(1)} ms`;
}

function whyOf({ error, reason }: Line): string {
  const why = error?.code ?? reason ?? error?.message;
  return why === undefined ? '' : `  ${why}`;
}
