import type { JobAttempt, JobInsert, PgBoss } from 'pg-boss';
import type { Database } from '../../database/index.ts';
import { SUSPECT_DEATHS } from '../deaths.ts';
import type { Message, ParkedMessage } from '../message.ts';
import { asReplayed } from '../replayed.ts';
import type { QueueDepth } from '../task-queue.ts';
import { asBossDb, TASK_QUEUE_SCHEMA } from './boss.ts';

/** What is kept with a task between its tries. pg-boss's own count also grows when nothing failed. */
interface Counted {
  /** How many consumers died holding it, one after another. */
  deaths: number;
  /** How many tries failed that count. */
  failures: number;
}

/** A task that this consumer holds. `retryCount` fences it: who lost the task can no longer settle it. */
export interface HeldTask extends JobAttempt, Counted {
  message: Message;
}

/** The tasks of all queues, as pg-boss keeps them. Settling a task that was lost meanwhile does nothing. */
export interface TaskJobs {
  createQueues(names: readonly string[]): Promise<void>;
  /** A task whose id waits in that queue already is not added again. */
  add(queue: string, messages: readonly Message[]): Promise<void>;
  fetch(queue: string, most: number): Promise<readonly HeldTask[]>;
  /** Writes down that a task under suspicion is being handled, so that its consumer's death speaks against it. */
  tryAlone(queue: string, task: HeldTask): Promise<void>;
  done(queue: string, tasks: readonly HeldTask[]): Promise<void>;
  retry(queue: string, task: HeldTask, again: { delayMs: number; reason: string; counts?: boolean }): Promise<void>;
  park(queue: string, task: HeldTask, reason: string): Promise<void>;
  /** Back to the queue unhandled, for a while. */
  putOff(queue: string, task: HeldTask, delayMs: number): Promise<void>;
  /** Back to the queue at once, unhandled. */
  giveBack(queue: string, tasks: readonly HeldTask[]): Promise<void>;
  /** Says that the consumer of these tasks lives. */
  touch(queue: string, tasks: readonly HeldTask[]): Promise<void>;
  /** Gives back tasks whose consumer was not heard of; answers the queues that have some. */
  reclaim(queues: readonly string[]): Promise<readonly string[]>;
  depths(queues: readonly string[]): Promise<readonly QueueDepth[]>;
  parked(queue: string, limit: number): Promise<readonly ParkedMessage[]>;
  replay(queue: string): Promise<number>;
}

/** A consumer that was not heard of for so long is dead, by the database's clock. */
export const DEAD_AFTER_SECONDS = 6;
const RECLAIMED_AT_ONCE = 500;
const REPLAYED_AT_ONCE = 500;
const NO_LIMIT = 1_000_000_000;
/** The longest pg-boss takes; heartbeats decide long before. */
const EXPIRE_SECONDS = 24 * 60 * 60;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const ABANDONED = `
  SELECT name, id, retry_count AS "retryCount", coalesce((output->>'deaths')::int, 0) AS deaths, coalesce((output->>'failures')::int, 0) AS failures, coalesce((output->>'trying')::boolean, false) AS trying FROM ${TASK_QUEUE_SCHEMA}.job
  WHERE name = ANY ($1::text[]) AND state = 'active' AND heartbeat_on < now() - interval '${DEAD_AFTER_SECONDS} seconds' LIMIT ${RECLAIMED_AT_ONCE}`;

const TRY_ALONE = {
  name: 'task_queue.try_alone',
  text: `UPDATE ${TASK_QUEUE_SCHEMA}.job SET output = coalesce(output, '{}') || '{"trying": true}' WHERE name = $1 AND id = $2 AND retry_count = $3`,
};

const DEPTHS = `
  SELECT name, count(*) FILTER (WHERE state = 'active' OR start_after <= now())::int AS ready, count(*) FILTER (WHERE state = 'retry' AND start_after > now())::int AS retrying
  FROM ${TASK_QUEUE_SCHEMA}.job WHERE name = ANY ($1::text[]) AND state <= 'active' GROUP BY name`;

type ParkedData = Omit<ParkedMessage, 'parkedAt'> & { parkedAt: string };

/** Where given-up tasks of a queue lie. */
export function deadQueueOf(queue: string): string {
  return `${queue}.dead`;
}

export function createTaskJobs(boss: PgBoss, database: Database): TaskJobs {
  async function reclaim(queues: readonly string[]): Promise<readonly string[]> {
    const abandoned = await database.query<Counted & { name: string; id: string; retryCount: number; trying: boolean }>({ name: 'task_queue.abandoned', text: ABANDONED }, [queues]);
    for (const [name, tasks] of Map.groupBy(abandoned, (task) => task.name)) {
      // Suspects that lay beside the one that was tried, about to be put off, are not to blame.
      const counted = tasks.map((task) => ({ ...task, deaths: task.deaths + (task.trying || task.deaths < SUSPECT_DEATHS ? 1 : 0) }));
      await failAlike(name, counted, ({ deaths, failures }) => ({ reason: 'its consumer died', deaths, failures }));
    }
    return [...new Set(abandoned.map(({ name }) => name))];
  }

  async function fetch(queue: string, most: number): Promise<readonly HeldTask[]> {
    const jobs = await boss.fetch<Message>(queue, { batchSize: most });
    const tasks: HeldTask[] = [];
    for (const { id, retryCount, data } of jobs) tasks.push({ id, retryCount, message: data, ...(retryCount === 0 ? { deaths: 0, failures: 0 } : await countsOf(queue, id)) });
    return tasks;
  }

  async function countsOf(queue: string, id: string): Promise<Counted> {
    const [job] = await boss.findJobs(queue, { id });
    const output = job?.output as Partial<Counted> | null | undefined;
    return { deaths: output?.deaths ?? 0, failures: output?.failures ?? 0 };
  }

  /** One statement for all tasks with the same counts. */
  async function failAlike<Task extends Counted & JobAttempt>(queue: string, tasks: readonly Task[], outputOf: (task: Task) => Counted & { reason: string }): Promise<void> {
    const alike = Map.groupBy(tasks, ({ deaths, failures }) => `${deaths} ${failures}`);
    for (const group of alike.values()) for (const first of group.slice(0, 1)) await boss.fail(queue, group.map(attemptOf), outputOf(first));
  }

  /** pg-boss counts delays in whole seconds; a start time may be any interval, by the database's clock. */
  function again(queue: string, task: HeldTask, { delayMs, output }: { delayMs: number; output: Counted & { reason: string } }): Promise<void> {
    return database.transaction(async (transaction) => {
      const db = asBossDb(transaction);
      await boss.fail(queue, attemptOf(task), output, { db });
      await boss.update(queue, undefined, { id: task.id, startAfter: `${delayMs / 1_000} seconds`, db });
    });
  }

  /** Moves what is parked now. Consumers may park it again meanwhile: without an end by time that would be moved too, for ever. */
  async function replay(queue: string): Promise<number> {
    const until = await clockOf(database);
    let replayed = 0;
    for (;;) {
      const page = await boss.findJobs<ParkedData>(deadQueueOf(queue), { limit: REPLAYED_AT_ONCE });
      // Oldest first: behind the first newer one are only newer ones.
      const jobs = page.filter(({ createdOn }) => createdOn <= until);
      if (jobs.length > 0) await moveBack(queue, jobs);
      replayed += jobs.length;
      if (page.length === 0 || jobs.length < page.length) return replayed;
    }
  }

  function moveBack(queue: string, jobs: readonly { id: string; data: ParkedData }[]): Promise<void> {
    return database.transaction(async (transaction) => {
      const db = asBossDb(transaction);
      await boss.insert(queue, jobsOf(jobs.map(({ data }) => asReplayed(data.message))), { db });
      await boss.deleteJob(deadQueueOf(queue), jobs.map(({ id }) => id), { db });
    });
  }

  return {
    createQueues: async (names) => {
      const known = new Set((await boss.getQueues([...names])).map(({ name }) => name));
      for (const name of names) {
        if (!known.has(name)) await boss.createQueue(name, { retryLimit: NO_LIMIT, retryDelay: 0, expireInSeconds: EXPIRE_SECONDS, retentionSeconds: NO_LIMIT });
      }
    },
    add: async (queue, messages) => { await boss.insert(queue, jobsOf(messages)); },
    fetch,
    tryAlone: async (queue, { id, retryCount }) => { await database.query(TRY_ALONE, [queue, id, retryCount]); },
    done: async (queue, tasks) => { await boss.deleteJob(queue, tasks.map(attemptOf)); },
    retry: (queue, task, { delayMs, reason, counts = true }) => again(queue, task, { delayMs, output: { reason, deaths: 0, failures: task.failures + (counts ? 1 : 0) } }),
    putOff: (queue, task, delayMs) => again(queue, task, { delayMs, output: { reason: 'put off', deaths: task.deaths, failures: task.failures } }),
    park: (queue, task, reason) =>
      database.transaction(async (transaction) => {
        const db = asBossDb(transaction);
        const { message, failures, deaths } = task;
        const removed = (await boss.deleteJob(queue, [attemptOf(task)], { db })) as { affected?: number };
        if (removed.affected === 0) return;
        const parked: ParkedData = { message, source: queue, group: queue, attempts: Math.max(failures + 1, deaths), reason, parkedAt: new Date().toISOString() };
        await boss.insert(deadQueueOf(queue), [{ ...idOf(message), data: parked }], { db });
      }),
    giveBack: (queue, tasks) => failAlike(queue, tasks, ({ deaths, failures }) => ({ reason: 'given back', deaths, failures })),
    touch: async (queue, tasks) => { await boss.touch(queue, tasks.map(attemptOf)); },
    reclaim,
    depths: async (queues) => {
      const rows = await database.query<{ name: string; ready: number; retrying: number }>({ name: 'task_queue.depths', text: DEPTHS }, [[...queues, ...queues.map(deadQueueOf)]]);
      const byName = new Map(rows.map((row) => [row.name, row]));
      return queues.map((queue) => ({
        queue,
        ready: byName.get(queue)?.ready ?? 0,
        retrying: byName.get(queue)?.retrying ?? 0,
        dead: byName.get(deadQueueOf(queue))?.ready ?? 0,
      }));
    },
    parked: async (queue, limit) => {
      const jobs = await boss.findJobs<ParkedData>(deadQueueOf(queue), { limit: Math.max(limit, 1) });
      return jobs.slice(0, limit).map(({ data }) => ({ ...data, parkedAt: new Date(data.parkedAt) }));
    },
    replay,
  };
}

/** By the clock that dates the jobs. */
async function clockOf(database: Database): Promise<Date> {
  const [row] = await database.query<{ now: Date }>('SELECT now() AS now');
  return row?.now ?? new Date();
}

function attemptOf({ id, retryCount }: JobAttempt): JobAttempt {
  return { id, retryCount };
}

function jobsOf(messages: readonly Message[]): JobInsert[] {
  // pg-boss refuses an id twice in one batch.
  const byId = new Map(messages.map((message) => [message.id, message]));
  return [...byId.values()].map((message) => ({ ...idOf(message), data: { id: message.id, key: message.key, headers: message.headers, payload: message.payload } }));
}

/** A message id that is a UUID becomes the job's: sent again while it waits, it is one task. */
function idOf({ id }: Message): { id?: string } {
  return UUID.test(id) ? { id } : {};
}
