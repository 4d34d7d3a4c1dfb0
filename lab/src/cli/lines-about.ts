import { z } from 'zod';
import { dottedFields } from './dotted-fields.ts';

const Line = z.object({
  '@timestamp': z.string(),
  'log.level': z.string(),
  'service.name': z.string(),
  'trace.id': z.string().optional(),
  message: z.string(),
  'messaging.source': z.string().optional(),
  'messaging.type': z.string().optional(),
  'messaging.attempt': z.number().optional(),
  'http.request.method': z.string().optional(),
  'http.response.status_code': z.number().optional(),
  'url.path': z.string().optional(),
  'event.duration': z.number().optional(),
  'error.code': z.string().optional(),
  'error.message': z.string().optional(),
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
    return [Line.parse(dottedFields(JSON.parse(line) as Record<string, unknown>))];
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

function whatOf(line: Line): string {
  const tries = line['messaging.attempt'];
  if (line['messaging.source'] !== undefined) return shown(line.message, line['messaging.source'], line['messaging.type'], tries !== undefined && tries > 1 && `(try ${tries})`);
  return shown(line.message, line['http.request.method'], line['url.path'], line['http.response.status_code']);
}

function shown(...parts: readonly (string | number | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

function tookOf({ 'event.duration': durationNs }: Line): string {
  return durationNs === undefined ? '' : `  ${(durationNs / NS_PER_MS).toFixed(1)} ms`;
}

function whyOf({ 'error.code': code, 'error.message': message, reason }: Line): string {
  const why = code ?? reason ?? message;
  return why === undefined ? '' : `  ${why}`;
}
