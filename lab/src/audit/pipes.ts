import type { ModuleName } from '@doubleshot/contracts';
import { request } from 'undici';
import { tellsOfEveryPipe } from './expected-gauges.ts';
import type { Leftover } from './observation.ts';
import { parsePrometheusText, type Sample } from './prometheus-text.ts';

const SCRAPE_TIMEOUT_MS = 3_000;

/** What waits in the shop's outboxes, queues and logs right now, by the gauges of each process. */
export interface PipeLevels {
  /** On its way: an outbox row, a task ready or retrying, an event not yet handled. */
  moving: readonly Leftover[];
  /** Given up on: dead letters, parked events, parked rows of outboxes. */
  parked: readonly Leftover[];
  /** Processes that did not answer, or not with every gauge their modules have. */
  silent: readonly string[];
}

export interface OpsTarget {
  name: string;
  modules: readonly ModuleName[];
  opsOrigin: string;
}

/** Reads the gauges of every process. Two processes that report the same pipe count once. */
export async function readPipes(processes: readonly OpsTarget[]): Promise<PipeLevels> {
  const pages = await Promise.all(processes.map(async (target) => ({ target, samples: await scrape(target) })));
  const levels = new Map<string, number>();
  for (const sample of pages.flatMap((page) => page.samples ?? [])) {
    const where = pipeOf(sample);
    if (where !== undefined) levels.set(where, Math.max(levels.get(where) ?? 0, sample.value));
  }
  const filled = [...levels].filter(([, count]) => count > 0).map(([where, count]) => ({ where, count }));
  return {
    moving: filled.filter(({ where }) => !isParked(where)),
    parked: filled.filter(({ where }) => isParked(where)),
    silent: pages.filter((page) => page.samples === undefined).map((page) => page.target.name),
  };
}

async function scrape(target: OpsTarget): Promise<Sample[] | undefined> {
  try {
    const answer = await request(`${target.opsOrigin}/metrics`, { headersTimeout: SCRAPE_TIMEOUT_MS, bodyTimeout: SCRAPE_TIMEOUT_MS });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) return undefined;
    const samples = parsePrometheusText(text).filter((sample) => pipeOf(sample) !== undefined);
    return tellsOfEveryPipe(target.modules, samples) ? samples : undefined;
  } catch {
    return undefined;
  }
}

function pipeOf({ name, labels }: Sample): string | undefined {
  if (name === 'doubleshot_outbox_rows') return `outbox ${labels.module ?? ''}`;
  if (name === 'doubleshot_queue_depth') return `queue ${labels.queue ?? ''} ${labels.state ?? ''}`;
  if (name === 'doubleshot_event_log_lag') return `log ${labels.topic ?? ''} of ${labels.group ?? ''}`;
  if (name === 'doubleshot_event_log_parked') return `log ${labels.topic ?? ''} parked`;
  if (name === 'doubleshot_outbox_parked') return `outbox ${labels.module ?? ''} parked`;
  return undefined;
}

function isParked(where: string): boolean {
  return where.endsWith(' dead') || where.endsWith(' parked');
}
