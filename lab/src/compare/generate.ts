import { API_BASE } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import type { GeneratorJob, GeneratorResult } from './generator-protocol.ts';
import { createJourneyClock, type JourneyClock } from './journey.ts';
import { sendPaced, type PacedRequest } from './send-paced.ts';

const MS_IN_SECOND = 1000;
const MICROS_IN_MS = 1000;

/** Does one job: sends its requests at its rate and sums up the answers. */
export async function generate(job: GeneratorJob): Promise<GeneratorResult> {
  const clock = job.kind === 'order' ? createJourneyClock(job.origin, job.customers) : undefined;
  await clock?.opened();
  const cpuBefore = process.cpuUsage();
  const window = await sendPaced({ origin: job.origin, ratePerSecond: job.ratePerSecond, seconds: job.seconds, requestOf: (index) => requestOf(job, index, clock) });
  const notified = await clock?.finish(job.notifiedDeadlineMs);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    id: job.id,
    ...window,
    throughput: window.succeeded / Math.max(job.seconds, window.elapsedMs / MS_IN_SECOND),
    ...(notified === undefined ? {} : { notified }),
    generatorCpuMs: (user + system) / MICROS_IN_MS,
  };
}

function requestOf(job: GeneratorJob, index: number, clock: JourneyClock | undefined): PacedRequest {
  const customer = job.customers[index % job.customers.length];
  const headers = { authorization: `Bearer ${customer?.token ?? ''}` };
  if (job.kind === 'read') return { method: 'GET', path: `${API_BASE}/menu` };
  if (clock === undefined) return { method: 'GET', path: customer?.orderPath ?? '', headers };
  return orderRequest(headers, job.menuItemIds[index % job.menuItemIds.length] ?? '', clock);
}

/** Every request is a new order: a fresh key, and a drink in turn. */
function orderRequest(headers: Readonly<Record<string, string>>, menuItemId: string, clock: JourneyClock): PacedRequest {
  return {
    method: 'POST',
    path: `${API_BASE}/orders`,
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ items: [{ menuItemId, quantity: 1 }] }),
    onAnswer(status, body, dueAt) {
      if (status === 201) clock.placed((JSON.parse(body) as { id: string }).id, dueAt);
    },
  };
}
