import type { ShopUnderTest } from './shop.ts';

/** A log line with its fields by their full names, as Elasticsearch sees them: `order.id`, whether it was nested or dotted. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The lines of a log. Throws for one that is no JSON object. */
export function linesOf(log: string): LogLine[] {
  return log.split('\n').filter(Boolean).map((line) => flat(JSON.parse(line) as Record<string, unknown>));
}

function flat(fields: Record<string, unknown>, prefix = ''): Record<string, unknown> {
  return Object.assign({}, ...Object.entries(fields).map(([name, value]) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? flat(value as Record<string, unknown>, `${prefix}${name}.`) : { [prefix + name]: value };
  })) as Record<string, unknown>;
}

/** Sets the log level of every process: for a while, so that a test that dies leaves it as it was. */
export async function logAt(level: string, shop: ShopUnderTest, forSeconds = 120): Promise<void> {
  for (const { opsOrigin } of shop.processes) {
    const answer = await fetch(`${opsOrigin}/log-level`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ level, forSeconds }) });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
