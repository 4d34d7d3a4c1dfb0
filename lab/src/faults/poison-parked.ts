import { z } from 'zod';
import { readPipes, type OpsTarget } from '../audit/pipes.ts';
import { POISONED_TOPIC } from './poison-messages.ts';

/** Where the gauges count what is parked of poison. */
export const POISON_GAUGES = { topic: `log ${POISONED_TOPIC} parked`, outbox: 'outbox orders parked' } as const;

/** A parked message as the ops listener shows it. */
const ParkedView = z.object({ source: z.string(), group: z.string(), attempts: z.int(), reason: z.string() });
export type ParkedView = z.infer<typeof ParkedView>;

const ParkedPage = z.object({ items: z.array(ParkedView) });
const Replayed = z.object({ replayed: z.int() });

/** What the processes show of what is parked: the first hundred of each source. Processes that share a source show the same. */
export async function readParked({ opsOrigin }: OpsTarget): Promise<readonly ParkedView[]> {
  return ParkedPage.parse(await (await fetch(`${opsOrigin}/parked`)).json()).items;
}

/** Has everything that a topic or a queue parked handled again; answers how many there were. */
export async function replayParked({ opsOrigin }: OpsTarget, source: string): Promise<number> {
  return Replayed.parse(await (await fetch(`${opsOrigin}/parked/${source}/replay`, { method: 'POST' })).json()).replayed;
}

/** How many messages are parked in each place, by the gauges. */
export async function countParked(processes: readonly OpsTarget[]): Promise<ReadonlyMap<string, number>> {
  return new Map((await readPipes(processes)).parked.map(({ where, count }) => [where, count]));
}
