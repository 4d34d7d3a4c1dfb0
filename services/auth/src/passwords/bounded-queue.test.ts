import { ProblemError } from '@doubleshot/shared/errors';
import { describe, expect, test } from 'vitest';
import { createBoundedQueue } from './bounded-queue.ts';

interface OpenJob {
  job: () => Promise<string>;
  started: () => boolean;
  finish: (value: string) => void;
  fail: (error: Error) => void;
}

function openJob(): OpenJob {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let started = false;
  const job = (): Promise<string> => {
    started = true;
    return promise;
  };
  return { job, started: () => started, finish: resolve, fail: reject };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a bounded queue', () => {
  test('runs no more than its concurrency at once, in the order of arrival', async () => {
    const queue = createBoundedQueue({ concurrency: 2, queueLimit: 5 });
    const jobs = Array.from({ length: 4 }, openJob);
    const results = jobs.map(({ job }) => queue.run(job));
    await turn();
    expect(jobs.map((job) => job.started())).toEqual([true, true, false, false]);
    jobs[1]?.finish('b');
    await turn();
    expect(jobs.map((job) => job.started())).toEqual([true, true, true, false]);
    jobs.forEach((job, index) => job.finish(String(index)));
    expect(await Promise.all(results)).toEqual(['0', 'b', '2', '3']);
  });

  test('refuses what is beyond the limit with unavailable and Retry-After', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queueLimit: 1 });
    const [running, waiting] = [openJob(), openJob()];
    const results = [queue.run(running.job), queue.run(waiting.job)];
    const refused = await queue.run(openJob().job).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '1' } });
    running.finish('one');
    waiting.finish('two');
    expect(await Promise.all(results)).toEqual(['one', 'two']);
  });

  test('goes on after a job that failed', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queueLimit: 1 });
    const [failing, next] = [openJob(), openJob()];
    const failed = queue.run(failing.job);
    const result = queue.run(next.job);
    failing.fail(new Error('broken'));
    await expect(failed).rejects.toThrow('broken');
    next.finish('done');
    expect(await result).toBe('done');
  });

  test('drops a waiting job whose client went away and frees its place', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queueLimit: 1 });
    const [running, abandoned, next] = [openJob(), openJob(), openJob()];
    const first = queue.run(running.job);
    const client = new AbortController();
    const dropped = queue.run(abandoned.job, client.signal);
    client.abort();
    await expect(dropped).rejects.toMatchObject({ code: 'overloaded' });
    expect(queue.waiting()).toBe(0);
    const second = queue.run(next.job);
    running.finish('one');
    next.finish('two');
    expect(await Promise.all([first, second])).toEqual(['one', 'two']);
    expect(abandoned.started()).toBe(false);
  });

  test('a client that is gone already does not get a turn', async () => {
    const queue = createBoundedQueue({ concurrency: 1, queueLimit: 1 });
    await expect(queue.run(openJob().job, AbortSignal.abort())).rejects.toMatchObject({ code: 'overloaded' });
  });
});
