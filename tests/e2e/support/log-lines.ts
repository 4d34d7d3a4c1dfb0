import { dottedFields } from '../../../lab/src/cli/dotted-fields.ts';
import type { ShopUnderTest } from './shop.ts';

/** A log line with its fields by their full names. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The lines of a log. Throws for one that is no JSON object. */
export function linesOf(log: string): LogLine[] {
  return log.split('\n').filter(Boolean).map((line) => dottedFields(JSON.parse(line) as Record<string, unknown>));
}

/** Sets the log level of every process: for a while, so that a test that dies leaves it as it was. */
export async function logAt(level: string, shop: ShopUnderTest, forSeconds = 120): Promise<void> {
  for (const { opsOrigin } of shop.processes) {
    const answer = await fetch(`${opsOrigin}/log-level`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ level, forSeconds }) });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
