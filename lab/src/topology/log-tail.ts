import { open } from 'node:fs/promises';
import { z } from 'zod';

const TAIL_BYTES = 4_000;
const LINES = 5;

/** The end of a log file for an error message, its messages picked out of the JSON lines. */
export async function lastLines(logFile: string): Promise<string> {
  return describeLog(await tail(logFile), logFile);
}

/** The same for the end of any log. */
export function describeLog(text: string, source: string): string {
  const lines = text.trim().split('\n').slice(-LINES);
  if (lines.join('') === '') return `its log ${source} is empty`;
  return `the last lines of ${source}:\n${lines.map((line) => `  ${readable(line)}`).join('\n')}`;
}

/** What a program said about its end, as one line: the plain lines after its JSON, each without the name of the program. */
export async function lastWords(logFile: string): Promise<string> {
  const lines = (await tail(logFile)).trim().split('\n');
  return lines
    .slice(lines.findLastIndex((line) => line.startsWith('{')) + 1)
    .map((line) => line.replace(/^[\w-]+: /, ''))
    .join('; ');
}

async function tail(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

const LogEntry = z.object({ message: z.string(), 'log.level': z.string().optional(), error: z.object({ message: z.string().optional() }).optional() });

function readable(line: string): string {
  try {
    const { message, 'log.level': level, error } = LogEntry.parse(JSON.parse(line));
    return [level, message, error?.message && `(${error.message})`].filter(Boolean).join(' ');
  } catch {
    return line;
  }
}
