import { API_BASE } from '@doubleshot/contracts';
import { randomUUID } from 'node:crypto';
import { createSeededRandom, type SeededRandom } from '../../load/seeded-random.ts';
import type { GeneratorCustomer, GeneratorJob, GeneratorResult } from './generator-protocol.ts';
import { createJourneyClock, type JourneyClock } from './journey-clock.ts';
import { sendPaced, type PacedRequest } from './send-paced.ts';

const MS_IN_SECOND = 1000;
const MICROS_IN_MS = 1000;

/** Does one job: sends its requests at its pace and sums up the answers. */
export async function generate(job: GeneratorJob): Promise<GeneratorResult> {
  const clock = job.kind === 'order' ? createJourneyClock(job.origin, job.customers) : undefined;
  await clock?.opened();
  const cpuBefore = process.cpuUsage();
  const window = await sendPaced({ ...job, requestOf: requestsOf(job, clock) });
  const { user, system } = process.cpuUsage(cpuBefore);
  const notified = await clock?.finish(job.notifiedDeadlineMs);
  return {
    id: job.id,
    ...window,
    throughput: window.succeeded / Math.max(job.seconds, window.elapsedMs / MS_IN_SECOND),
    ...(notified === undefined ? {} : { notified }),
    generatorCpuMs: (user + system) / MICROS_IN_MS,
  };
}

/** The requests of a job, one after another. */
export function requestsOf(job: GeneratorJob, clock: JourneyClock | undefined): (index: number) => PacedRequest {
  const random = createSeededRandom(job.seed);
  const customerOf = (index: number): GeneratorCustomer | undefined => job.customers[index % job.customers.length];
  const last = 'rate' in job.pace ? Math.round(job.pace.rate * job.seconds) - 1 : Infinity;
  switch (job.kind) {
    case 'read':
      return () => ({ method: 'GET', path: `${API_BASE}/menu` });
    case 'databaseRead':
      return (index) => ({ method: 'GET', path: customerOf(index)?.orderPath ?? '', headers: { authorization: `Bearer ${customerOf(index)?.token ?? ''}` } });
    case 'login':
      return (index) => loginRequest(customerOf(index));
    case 'order':
      return (index) => {
        if (index === Math.floor((last + 1) / 2)) clock?.note('middle');
        if (index === last) clock?.note('end');
        return orderRequest({ token: customerOf(index)?.token ?? '', menuItemIds: job.menuItemIds, random, clock });
      };
  }
}

function loginRequest(customer: GeneratorCustomer | undefined): PacedRequest {
  const body = JSON.stringify({ email: customer?.email, password: customer?.password });
  return { method: 'POST', path: `${API_BASE}/auth/login`, headers: { 'content-type': 'application/json' }, body };
}

interface NewOrder {
  token: string;
  menuItemIds: readonly string[];
  random: SeededRandom;
  clock: JourneyClock | undefined;
}

/** Every request is a new order: a fresh key, and a drink by chance. */
function orderRequest({ token, menuItemIds, random, clock }: NewOrder): PacedRequest {
  return {
    method: 'POST',
    path: `${API_BASE}/orders`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ items: [{ menuItemId: menuItemIds[random.below(menuItemIds.length)], quantity: 1 }] }),
    onAnswer(status, body, dueAt) {
      if (status === 201) clock?.placed((JSON.parse(body) as { id: string }).id, dueAt);
    },
  };
}
