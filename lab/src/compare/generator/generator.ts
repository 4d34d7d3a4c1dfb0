import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GeneratorMessage, type GeneratorJob, type GeneratorResult } from './generator-protocol.ts';
import { pinToLastCore } from './pin-to-core.ts';

/** A process of its own that makes requests. */
export interface Generator {
  readonly pid: number;
  /** Where it was pinned to; null where that cannot be. */
  readonly core: number | null;
  run(job: Omit<GeneratorJob, 'id'>): Promise<GeneratorResult>;
  /** Ends the process. Idempotent. */
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./generator-process.ts', import.meta.url));

export async function startGenerator(): Promise<Generator> {
  const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  const waiting = new Map<number, PromiseWithResolvers<GeneratorResult>>();
  let jobs = 0;
  child.on('message', (message) => {
    const answer = GeneratorMessage.parse(message);
    const job = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) job?.reject(new Error(`the load generator failed: ${answer.failure}`));
    else job?.resolve(answer);
  });
  child.on('exit', () => {
    for (const job of waiting.values()) job.reject(new Error('the load generator ended'));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    core: child.pid === undefined ? null : await pinToLastCore(child.pid),
    run(job) {
      const id = (jobs += 1);
      const answer = Promise.withResolvers<GeneratorResult>();
      waiting.set(id, answer);
      child.send({ id, ...job });
      return answer.promise;
    },
    async close() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
